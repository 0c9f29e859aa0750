package io.nuner.cli.plan;

import io.nuner.cli.common.Durations;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a duration of more than zero, or {@code auto}, which is {@link Duration#ZERO}. */
public final class DelayOption implements ITypeConverter<Duration> {
    private static final String AUTO = "auto";

    @Override
    public Duration convert(String value) {
        if (value.equals(AUTO)) {
            return Duration.ZERO;
        }
        Duration delay = new Durations().convert(value);
        if (delay.isZero()) {
            throw new TypeConversionException("must be longer than zero, or auto, but was " + value);
        }
        return delay;
    }
}
