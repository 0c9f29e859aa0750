package io.nuner.cli.common;

import io.nuner.cli.stop.ProcessEnd;
import java.util.Map;

/** What the process was given and how it ends: the command {@code nuner}, as its subcommands see it. */
public interface Environment {
    /** The environment variables. */
    Map<String, String> variables();

    /** How the process ends. */
    ProcessEnd end();
}
