package io.nuner.cli.common;

import io.nuner.cli.stop.ProcessEnd;
import java.util.Map;

/** The process as a subcommand sees it: its environment variables and its end. Implemented by {@code Nuner}. */
public interface Environment {
    /** The environment variables. */
    Map<String, String> variables();

    /** How the process ends. */
    ProcessEnd end();
}
