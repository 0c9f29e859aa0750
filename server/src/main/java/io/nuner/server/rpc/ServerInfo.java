package io.nuner.server.rpc;

import com.google.protobuf.Duration;
import io.nuner.engine.EngineDescription;
import io.nuner.engine.EngineDescription.ParityReport;
import io.nuner.server.answers.AnswerLimits;
import io.nuner.server.answers.StreamLimits;
import io.nuner.server.costs.CostTable;
import io.nuner.server.texts.CallDeadline;
import io.nuner.server.texts.LongTexts;
import io.nuner.server.texts.RequestLimits;
import io.nuner.server.texts.TextModel;
import io.nuner.v1.BatchCosts;
import io.nuner.v1.CallTimes;
import io.nuner.v1.EngineInfo;
import io.nuner.v1.EngineParity;
import io.nuner.v1.GetServerInfoResponse;
import io.nuner.v1.LabelRules;
import io.nuner.v1.Limits;
import io.nuner.v1.WindowInfo;
import java.util.function.DoubleSupplier;

/** The answer to {@code GetServerInfo}: what is known from the start, and the drift of the moment. Any thread. */
public final class ServerInfo {
    private final GetServerInfoResponse atStart;
    private final BatchCosts costsAtStart;
    private final DoubleSupplier drift;

    /**
     * What this server serves.
     *
     * @param engine what runs the model
     * @param costs what a batch costs and may hold
     * @param drift time of recent batches over what they should cost; called on any thread
     * @param options what is configured
     */
    public ServerInfo(
            TextModel model, EngineDescription engine, CostTable costs, DoubleSupplier drift, Options options) {
        this.drift = drift;
        costsAtStart = BatchCostsProto.of(costs);
        atStart = GetServerInfoResponse.newBuilder()
                .setModel(model.info())
                .setEngine(engine(engine))
                .setLimits(options.limits()
                        .setMaxWords(model.maxWords())
                        .setMaxTokens(costs.limits().maxRowTokens()))
                .setCallTimes(options.callTimes())
                .setDefaultLongTextPolicy(options.longTexts().policy())
                .setWindows(WindowInfo.newBuilder()
                        .setMaxWords(model.maxWords())
                        .setOverlapWords(options.longTexts().overlapWords())
                        .setMaxInFlight(options.longTexts().inFlight()))
                .setLabelRules(LabelRules.newBuilder()
                        .setLowerCased(true)
                        .setTrimmed(true)
                        .addAllForbiddenSubstrings(model.forbiddenSubstrings()))
                .setServerVersion(options.version())
                .build();
    }

    /** The answer as of now. */
    GetServerInfoResponse now() {
        return atStart.toBuilder()
                .setBatchCosts(costsAtStart.toBuilder().setDrift(drift.getAsDouble()))
                .build();
    }

    private static Duration duration(java.time.Duration time) {
        return Duration.newBuilder()
                .setSeconds(time.getSeconds())
                .setNanos(time.getNano())
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

    /**
     * What is configured and told. Immutable.
     *
     * @param requests what a request may hold
     * @param answers what an answer may hold
     * @param streams how long a stream may stand still, and how much of it may be under way
     * @param deadline how long a call may take
     * @param longTexts how texts are treated that the model cannot read at once
     * @param keepaliveMin clients may ping this often
     * @param version of this server
     */
    public record Options(
            RequestLimits requests,
            AnswerLimits answers,
            StreamLimits streams,
            CallDeadline deadline,
            LongTexts longTexts,
            java.time.Duration keepaliveMin,
            String version) {
        private Limits.Builder limits() {
            return Limits.newBuilder()
                    .setMaxMessageBytes(requests.maxMessageBytes())
                    .setMaxTextBytes(requests.maxTextBytes())
                    .setMaxLabels(requests.maxLabels())
                    .setMaxLabelBytes(requests.maxLabelBytes())
                    .setMaxTextsPerBatch(requests.maxTexts())
                    .setMaxRequestIdBytes(requests.maxRequestIdBytes())
                    .setMaxEntities(answers.maxEntities())
                    .setMaxAnswerBytes(answers.maxBytes())
                    .setMaxStreamTexts(streams.maxTexts());
        }

        private CallTimes.Builder callTimes() {
            return CallTimes.newBuilder()
                    .setUnsetDeadline(duration(deadline.unset()))
                    .setLongestDeadline(duration(deadline.longest()))
                    .setLongestDocumentDeadline(duration(longTexts.longestDocument()))
                    .setStreamIdle(duration(streams.idle()))
                    .setStreamStall(duration(streams.stall()))
                    .setKeepaliveMinimum(duration(keepaliveMin));
        }
    }
}
