package io.nuner.gputest.stage;

import io.nuner.gputest.options.Stage;
import io.nuner.gputest.result.Measurement;
import java.util.Optional;

/** Names of figures that other stages, baseline.py and readers look for, and their aims. */
final class Figures {
    /** Written by baseline.py. */
    static final String PEAK = "dense FP16 matmul, 8192^3";

    static final double PEAK_SHARE_AIM = 45;
    static final int PEAK_SHARE_FROM_TOKENS = 128;
    static final double SERVER_SHARE_AIM = 90;
    static final double END_TO_END_AIM_MILLIS = 4;
    static final int END_TO_END_TOKENS = 128;
    static final double SLOPE_AIM = 1;
    private static final double TERA = 1e12;

    private Figures() {}

    /** Throughput of rows of one length. */
    static String throughput(int tokens, int lanes) {
        return "S=" + tokens + ", " + lanes + (lanes == 1 ? " lane" : " lanes");
    }

    /** Throughput of rows of mixed lengths. */
    static String mixed(int lanes) {
        return "mixed lengths, " + lanes + (lanes == 1 ? " lane" : " lanes");
    }

    /** Writes down the useful operations of a throughput, and their share of the peak if S4 measured it. */
    static void shareOfPeak(StageContext context, String of, double flopsPerSecond, boolean aimed) {
        context.measured(Measurement.of(of + ", useful", flopsPerSecond / TERA, "TFLOP/s"));
        Optional<Double> peak = context.found(Stage.PEAK, PEAK);
        if (peak.isPresent()) {
            Measurement share = Measurement.of(of + ", share of peak", 100 * flopsPerSecond / TERA / peak.get(), "%");
            context.measured(aimed ? share.atLeast(PEAK_SHARE_AIM) : share);
        }
    }
}
