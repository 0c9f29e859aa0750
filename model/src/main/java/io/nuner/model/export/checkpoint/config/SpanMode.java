package io.nuner.model.export.checkpoint.config;

/** How a model turns two word vectors into a span vector. */
public enum SpanMode {
    /** One linear layer over both. */
    MARKER("marker"),
    /** Two linear layers over both. */
    MARKER_V0("markerV0");

    private final String key;

    SpanMode(String key) {
        this.key = key;
    }

    /** The value of {@code span_mode} in gliner_config.json. */
    public String key() {
        return key;
    }
}
