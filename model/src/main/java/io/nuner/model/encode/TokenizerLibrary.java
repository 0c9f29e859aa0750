package io.nuner.model.encode;

import io.nuner.engine.natives.LibraryBundle;
import io.nuner.engine.natives.LibraryStore;
import io.nuner.engine.natives.NativeLibraryException;
import io.nuner.engine.natives.NativePlatform;
import io.nuner.model.ModelException;

/**
 * The native tokenizer library, loaded once into this process, from the {@link LibraryStore} and nowhere else. Any thread.
 *
 * <p>DJL's own loader would load a file from a path that anybody can guess, and look for a CUDA build on the network.
 */
public final class TokenizerLibrary {
    private static boolean loaded;

    private TokenizerLibrary() {}

    /** The library of this platform. */
    public static LibraryBundle bundle() throws NativeLibraryException {
        return LibraryBundle.read(
                "tokenizers",
                TokenizerLibrary.class,
                "native-libraries.sha256",
                "native/lib/" + NativePlatform.current() + "/cpu/");
    }

    /**
     * Loads it, unless it is loaded.
     *
     * @throws ModelException caused by a {@link NativeLibraryException} if it cannot be kept or loaded here
     */
    static synchronized void load() throws ModelException {
        if (!loaded) {
            try {
                LibraryStore.ofThisProcess().load(bundle());
            } catch (NativeLibraryException e) {
                throw new ModelException("the tokenizer does not run here: " + e.getMessage(), e);
            }
            loaded = true;
        }
    }
}
