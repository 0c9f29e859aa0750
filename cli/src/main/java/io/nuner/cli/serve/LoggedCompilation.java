package io.nuner.cli.serve;

import io.nuner.engine.CompileListener;
import org.slf4j.Logger;

/** Logs the progress of a compilation. Any thread. */
record LoggedCompilation(Logger log) implements CompileListener {
    @Override
    public void progress(String words) {
        log.info("engine: {}", words);
    }

    @Override
    public void warning(String sentence) {
        log.warn("engine: {}", sentence);
    }
}
