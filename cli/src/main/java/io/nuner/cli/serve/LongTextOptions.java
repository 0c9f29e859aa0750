package io.nuner.cli.serve;

import io.nuner.cli.common.Durations;
import io.nuner.server.texts.LongTexts;
import io.nuner.v1.LongTextPolicy;
import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of {@code nuner serve} that concern texts which the model cannot read at once. */
final class LongTextOptions {
    @Option(
            names = "--long-text-default",
            defaultValue = "window",
            converter = Policy.class,
            paramLabel = "POLICY",
            description = "What is done with long texts if a request says nothing: window or reject. Default:"
                    + " ${DEFAULT-VALUE}.")
    private LongTextPolicy policy = LongTextPolicy.LONG_TEXT_POLICY_WINDOW;

    @Option(
            names = "--window-in-flight",
            defaultValue = "4",
            paramLabel = "N",
            description = "Rows of one long text that wait or run at the same time. Default: ${DEFAULT-VALUE}.")
    private int inFlight;

    @Option(
            names = "--window-overlap",
            defaultValue = "64",
            paramLabel = "N",
            description = "Words that neighbouring windows share. Default: ${DEFAULT-VALUE}.")
    private int overlap;

    @Option(
            names = "--deadline-document",
            defaultValue = "15m",
            converter = Durations.class,
            paramLabel = "TIME",
            description = "Longest deadline of an ExtractDocument call. Default: ${DEFAULT-VALUE}.")
    private Duration longestDocument = Duration.ZERO;

    LongTexts texts() {
        return new LongTexts(policy, inFlight, overlap, longestDocument, LongTexts.DEFAULT.mostUnits());
    }

    /** What {@code --long-text-default} takes. */
    static final class Policy implements ITypeConverter<LongTextPolicy> {
        @Override
        public LongTextPolicy convert(String value) {
            return switch (value.toLowerCase(Locale.ROOT)) {
                case "window" -> LongTextPolicy.LONG_TEXT_POLICY_WINDOW;
                case "reject" -> LongTextPolicy.LONG_TEXT_POLICY_REJECT;
                default -> throw new TypeConversionException("must be window or reject");
            };
        }
    }
}
