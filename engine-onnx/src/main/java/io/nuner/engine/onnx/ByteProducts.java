package io.nuner.engine.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.nuner.engine.natives.NativePlatform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How ONNX Runtime multiplies the unsigned bytes of activations with the signed ones of int8 weights on a processor. The sums are
 * the same in every way. Immutable.
 *
 * <p>An x86 processor without VNNI has one instruction for that, which adds two products in 16 bits and cuts what does not fit,
 * as 255 * 127 * 2 does not. There, ONNX Runtime is told to make the weights unsigned and to add in 32 bits, which is slower. On ARM it
 * always adds in 32 bits (docs/adr/0025).
 *
 * @param isTold true if ONNX Runtime has to be told
 * @param words what is done, for the operator
 */
record ByteProducts(boolean isTold, String words) {
    /** A session's option, which has no effect but on x86. It slows processors with VNNI down, too. */
    private static final String WITHOUT_OVERFLOW = "session.x64quantprecision";

    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    /** On this machine. */
    static ByteProducts here() {
        return of(NativePlatform.current().processor(), features(PROCESSORS));
    }

    /**
     * On a processor.
     *
     * @param processor as in {@link NativePlatform}
     * @param features its instructions by the names that Linux has for them; none if they are not known
     */
    static ByteProducts of(String processor, Set<String> features) {
        boolean isX86 = processor.equals("x86_64");
        Optional<String> instruction = isX86 ? vnni(features) : dotProduct(features);
        return instruction
                .map(name -> new ByteProducts(false, "int8 weights with " + name))
                .orElseGet(() -> new ByteProducts(
                        isX86, "int8 weights more slowly, as it shows no " + (isX86 ? "VNNI" : "dot product")));
    }

    /** ONNX Runtime prefers its kernels for AVX-512, of which only those for VNNI add in 32 bits. */
    private static Optional<String> vnni(Set<String> features) {
        return Stream.of("avx512_vnni", "avx_vnni")
                .filter(features::contains)
                .filter(name -> name.equals("avx512_vnni") || !features.contains("avx512f"))
                .findFirst();
    }

    private static Optional<String> dotProduct(Set<String> features) {
        return Stream.of("i8mm", "asimddp").filter(features::contains).findFirst();
    }

    /** The features in a file such as {@code /proc/cpuinfo}: those of its first processor; none if there is no such file. */
    static Set<String> features(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1).stream()
                    .filter(line -> line.startsWith("flags") || line.startsWith("Features"))
                    .limit(1)
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .flatMap(list -> Arrays.stream(list.split("\\s+")))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            return Set.of(); // another operating system
        }
    }

    /** Has a session compute so. */
    void addTo(SessionOptions options) throws OrtException {
        if (isTold) {
            options.addConfigEntry(WITHOUT_OVERFLOW, "1");
        }
    }
}
