package io.nuner.engine;

/** Hears what becomes of a compilation, which takes minutes. Called by one thread at a time. */
@FunctionalInterface
public interface CompileListener {
    /** What is being done now, in a few words. */
    void progress(String words);

    /** Something that the operator should look at, though it does no harm now; one sentence. */
    default void warning(String sentence) {
        progress(sentence);
    }
}
