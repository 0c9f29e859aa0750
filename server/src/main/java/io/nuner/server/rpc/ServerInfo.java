package io.nuner.server.rpc;

import io.nuner.engine.EngineDescription;
import io.nuner.engine.EngineDescription.ParityReport;
import io.nuner.v1.BatchCosts;
import io.nuner.v1.EngineInfo;
import io.nuner.v1.EngineParity;
import io.nuner.v1.GetServerInfoResponse;
import io.nuner.v1.LabelRules;
import io.nuner.v1.Limits;
import java.util.function.DoubleSupplier;

/** The answer to {@code GetServerInfo}: what is known from the start, and the drift of the moment. Any thread. */
final class ServerInfo {
    private final GetServerInfoResponse atStart;
    private final BatchCosts costsAtStart;
    private final DoubleSupplier drift;

    ServerInfo(TextModel model, ExtractionService.Served served) {
        atStart = atStart(model, served);
        costsAtStart = BatchCostsProto.of(served.cells());
        drift = served.drift();
    }

    /** The answer as of now. */
    GetServerInfoResponse now() {
        return atStart.toBuilder()
                .setBatchCosts(costsAtStart.toBuilder().setDrift(drift.getAsDouble()))
                .build();
    }

    private static GetServerInfoResponse atStart(TextModel model, ExtractionService.Served served) {
        int maxTokens = served.cells().limits().maxRowTokens();
        return GetServerInfoResponse.newBuilder()
                .setModel(model.info())
                .setEngine(engine(served.engine()))
                .setLimits(limits(served.limits(), model.maxWords(), maxTokens)
                        .setMaxEntities(served.answers().maxEntities())
                        .setMaxAnswerBytes(served.answers().maxBytes()))
                .setLabelRules(LabelRules.newBuilder()
                        .setLowerCased(true)
                        .setTrimmed(true)
                        .addAllForbiddenSubstrings(model.forbiddenSubstrings()))
                .setServerVersion(served.version())
                .build();
    }

    private static EngineInfo engine(EngineDescription engine) {
        EngineInfo.Builder info = EngineInfo.newBuilder()
                .setName(engine.name())
                .setVersion(engine.version())
                .setDevice(engine.device())
                .setLanes(engine.lanes());
        engine.parity().ifPresent(report -> info.setParity(parity(report)));
        return info.build();
    }

    private static EngineParity parity(ParityReport report) {
        return EngineParity.newBuilder()
                .setReference(report.reference())
                .setPrecision(report.precision())
                .setRows(report.rows())
                .setSpans(report.spans())
                .setDiffering(report.differing())
                .setWithinMargin(report.withinMargin())
                .setMaxDifference(report.maxDifference())
                .setP999Difference(report.p999Difference())
                .build();
    }

    private static Limits.Builder limits(RequestLimits limits, int maxWords, int maxTokens) {
        return Limits.newBuilder()
                .setMaxMessageBytes(limits.maxMessageBytes())
                .setMaxTextBytes(limits.maxTextBytes())
                .setMaxWords(maxWords)
                .setMaxTokens(maxTokens)
                .setMaxLabels(limits.maxLabels())
                .setMaxLabelBytes(limits.maxLabelBytes())
                .setMaxTextsPerBatch(limits.maxTexts())
                .setMaxRequestIdBytes(limits.maxRequestIdBytes());
    }
}
