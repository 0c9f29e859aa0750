package io.nuner.server;

import io.nuner.model.ModelManifest;
import io.nuner.model.NerModel;
import io.nuner.model.decode.Merging;
import io.nuner.model.encode.LabelRules.LabelProblem;
import io.nuner.model.encode.Prompt;
import io.nuner.model.encode.TextEncoder;
import io.nuner.server.texts.TextModel;
import io.nuner.v1.MergePolicy;
import io.nuner.v1.ModelInfo;
import java.util.List;
import java.util.Optional;

/** The text side of an exported model, which the caller closes. Any thread. */
public final class ServedModel implements TextModel {
    private final NerModel model;
    private final ModelInfo info;

    /**
     * Serves a model under a name.
     *
     * @param name what {@code GetServerInfo} calls it
     */
    public ServedModel(NerModel model, String name) {
        this.model = model;
        this.info = describe(model.manifest(), name);
    }

    static ModelInfo describe(ModelManifest manifest, String name) {
        ModelInfo.Builder described = ModelInfo.newBuilder()
                .setName(name)
                .setSha256(manifest.sha256())
                .setEncoder(manifest.encoder())
                .setSpanMode(manifest.spanMode())
                .setMaxWidth(manifest.maxWidth())
                .setDefaultMergePolicy(
                        Merging.byDefault(manifest.maxWidth()) == Merging.ADJACENT
                                ? MergePolicy.MERGE_POLICY_ADJACENT
                                : MergePolicy.MERGE_POLICY_NONE);
        if (manifest.quantization() != null && manifest.accuracy() != null) {
            described.setAccuracy(AccuracyProto.of(manifest.quantization(), manifest.accuracy()));
        }
        return described.build();
    }

    @Override
    public ModelInfo info() {
        return info;
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
    public Prompt prompt(List<String> labels) {
        return model.encoder()
                .prompt(labels.stream().map(model.labelRules()::toPrompt).toList());
    }

    @Override
    public TextEncoder encoder() {
        return model.encoder();
    }
}
