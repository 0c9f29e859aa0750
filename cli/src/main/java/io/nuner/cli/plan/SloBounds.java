package io.nuner.cli.plan;

import io.nuner.capacity.Slo;
import io.nuner.cli.common.Durations;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a bound of latency such as {@code p99=100ms}. */
final class SloBounds implements ITypeConverter<Slo.Bound> {
    private final Durations durations = new Durations();

    @Override
    public Slo.Bound convert(String value) {
        int equals = value.indexOf('=');
        if (value.startsWith("p") && equals > 1) {
            try {
                double share = Double.parseDouble(value.substring(1, equals)) / 100;
                long nanos = durations.convert(value.substring(equals + 1)).toNanos();
                return new Slo.Bound(share, nanos);
            } catch (IllegalArgumentException | TypeConversionException e) {
                throw unlike(value);
            }
        }
        throw unlike(value);
    }

    private static TypeConversionException unlike(String value) {
        return new TypeConversionException("must look like p99=100ms or p99.9=2s, but was " + value);
    }
}
