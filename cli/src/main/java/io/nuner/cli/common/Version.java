package io.nuner.cli.common;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The version that stands in the jar's manifest. */
public final class Version implements IVersionProvider {
    public static String current() {
        return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                .orElse("development");
    }

    @Override
    public String[] getVersion() {
        return new String[] {"nuner " + current()};
    }
}
