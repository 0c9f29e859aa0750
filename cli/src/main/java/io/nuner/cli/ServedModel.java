package io.nuner.cli;

import io.nuner.model.ModelManifest;
import io.nuner.model.NerModel;
import io.nuner.model.encode.EncodedRequest;
import io.nuner.model.encode.LabelProblem;
import io.nuner.model.text.Words;
import io.nuner.server.rpc.TextModel;
import io.nuner.v1.MergePolicy;
import io.nuner.v1.ModelInfo;
import java.util.List;
import java.util.Optional;

/** An exported model as the server sees it. Any thread. */
final class ServedModel implements TextModel {
    private final NerModel model;

    ServedModel(NerModel model) {
        this.model = model;
    }

    @Override
    public ModelInfo info() {
        ModelManifest manifest = model.manifest();
        return ModelInfo.newBuilder()
                .setName(manifest.name())
                .setSha256(manifest.sha256())
                .setEncoder(manifest.encoder())
                .setSpanMode(manifest.spanMode())
                .setMaxWidth(manifest.maxWidth())
                .setDefaultMergePolicy(mergePolicy(manifest.maxWidth()))
                .build();
    }

    /** Models that score single words leave joining them to the caller (model card of NuNER Zero). */
    private static MergePolicy mergePolicy(int maxWidth) {
        return maxWidth == 1 ? MergePolicy.MERGE_POLICY_ADJACENT : MergePolicy.MERGE_POLICY_NONE;
    }

    @Override
    public int maxWords() {
        return model.manifest().maxWords();
    }

    @Override
    public List<String> forbiddenSubstrings() {
        return model.labelRules().forbiddenSubstrings();
    }

    @Override
    public Optional<LabelProblem> check(List<String> labels) {
        return model.labelRules().check(labels);
    }

    @Override
    public EncodedRequest encode(Words words, List<String> labels) {
        List<String> prompt = labels.stream().map(model.labelRules()::toPrompt).toList();
        return model.encoder().encode(words, prompt);
    }
}
