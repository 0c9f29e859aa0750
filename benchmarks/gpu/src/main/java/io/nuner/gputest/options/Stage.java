package io.nuner.gputest.options;

import java.util.Arrays;
import java.util.Optional;

/** The stages of a run, in their order. */
public enum Stage {
    ENVIRONMENT("S0", "environment", 20, 5, ""),
    WEIGHTS("S1", "random weights, exported", 120, 10, ""),
    BUILD("S2", "engine built and opened (E1)", 240, 20, "S1"),
    BUILD_ONE("S2b", "one profile only, if S2 came to nothing", 120, 30, "S1"),
    PARITY("S3", "parity with the CPU engine", 75, 25, "S2"),
    PEAK("S4", "dense FP16 matmul peak (torch)", 30, 15, ""),
    THROUGHPUT("S5", "tokens per second through the engine", 70, 30, "S2"),
    LATENCY("S6", "latency of one row", 25, 15, "S2"),
    LATENCY_WITHOUT_GRAPHS("S6b", "latency of one row without CUDA graphs", 25, 15, "S2"),
    SERVER("S7", "through the server over loopback gRPC", 60, 30, "S2"),
    TORCH("S8", "torch FP16 baseline", 70, 25, ""),
    SOAK("S9", "memory under mixed load", 120, 20, "S2");

    private final String id;
    private final String title;
    private final int wishSeconds;
    private final int leastSeconds;
    private final String needs;

    Stage(String id, String title, int wishSeconds, int leastSeconds, String needs) {
        this.id = id;
        this.title = title;
        this.wishSeconds = wishSeconds;
        this.leastSeconds = leastSeconds;
        this.needs = needs;
    }

    /**
     * The stage of an id.
     *
     * @throws IllegalArgumentException naming the ids there are
     */
    public static Stage of(String id) {
        return Arrays.stream(values())
                .filter(stage -> stage.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("--only must name stages of "
                        + Arrays.stream(values()).map(Stage::id).toList() + ", but named " + id));
    }

    /** Short name, as in the table. */
    public String id() {
        return id;
    }

    /** Its title in the table. */
    public String title() {
        return title;
    }

    /** Seconds that it gets if there is enough time. */
    public int wishSeconds() {
        return wishSeconds;
    }

    /** Fewest seconds with which it is begun. */
    public int leastSeconds() {
        return leastSeconds;
    }

    /** The stage that must have succeeded before it, if there is one. */
    public Optional<Stage> needs() {
        return needs.isEmpty() ? Optional.empty() : Optional.of(of(needs));
    }

    /** True if baseline.py runs it. */
    public boolean isPython() {
        return this == PEAK || this == TORCH;
    }
}
