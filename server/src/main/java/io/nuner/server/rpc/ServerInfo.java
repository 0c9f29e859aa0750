package io.nuner.server.rpc;

import io.nuner.engine.EngineDescription;
import io.nuner.v1.EngineInfo;
import io.nuner.v1.GetServerInfoResponse;
import io.nuner.v1.LabelRules;
import io.nuner.v1.Limits;

/** Builds the answer to {@code GetServerInfo}. */
final class ServerInfo {
    private ServerInfo() {}

    static GetServerInfoResponse of(
            TextModel model, EngineDescription engine, RequestLimits limits, int maxTokens, String version) {
        return GetServerInfoResponse.newBuilder()
                .setModel(model.info())
                .setEngine(EngineInfo.newBuilder()
                        .setName(engine.name())
                        .setVersion(engine.version())
                        .setDevice(engine.device())
                        .setLanes(engine.lanes()))
                .setLimits(limits(limits, model.maxWords(), maxTokens))
                .setLabelRules(LabelRules.newBuilder()
                        .setLowerCased(true)
                        .addAllForbiddenSubstrings(model.forbiddenSubstrings()))
                .setServerVersion(version)
                .build();
    }

    private static Limits limits(RequestLimits limits, int maxWords, int maxTokens) {
        return Limits.newBuilder()
                .setMaxMessageBytes(limits.maxMessageBytes())
                .setMaxTextBytes(limits.maxTextBytes())
                .setMaxWords(maxWords)
                .setMaxTokens(maxTokens)
                .setMaxLabels(limits.maxLabels())
                .setMaxLabelBytes(limits.maxLabelBytes())
                .setMaxTextsPerBatch(limits.maxTexts())
                .setMaxRequestIdBytes(limits.maxRequestIdBytes())
                .build();
    }
}
