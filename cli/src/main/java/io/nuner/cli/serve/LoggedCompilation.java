package io.nuner.cli.serve;

import io.nuner.engine.CompileSettings;
import org.slf4j.Logger;

/** Logs the progress of a compilation. Any thread. */
record LoggedCompilation(Logger log) implements CompileSettings.Listener {
    @Override
    public void progress(String words) {
        log.info("engine: {}", words);
    }

    @Override
    public void warning(String sentence) {
        log.warn("engine: {}", sentence);
    }
}
