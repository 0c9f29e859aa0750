package io.nuner.model.export.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Names weights of unsupported kinds, so that a refusal says what was found instead. Any thread. */
public final class OtherWeights {
    private static final int DEPTH = 3;
    private static final int MOST_FILES = 1000;
    private static final Map<String, String> KINDS = Map.ofEntries(
            Map.entry(".onnx", "ONNX"),
            Map.entry(".gguf", "GGUF"),
            Map.entry(".h5", "TensorFlow"),
            Map.entry(".msgpack", "Flax"),
            Map.entry(".ot", "rust-bert"),
            Map.entry(".tflite", "TensorFlow Lite"),
            Map.entry(".engine", "TensorRT"),
            Map.entry(".plan", "TensorRT"),
            Map.entry(".mlmodel", "Core ML"),
            Map.entry(".ckpt", "a training state"),
            Map.entry(".pt", "torch, under another name"),
            Map.entry(".pth", "torch, under another name"),
            Map.entry(".bin.index.json", "torch, in several files"),
            Map.entry(".safetensors", "safetensors, under another name"));

    private OtherWeights() {}

    /**
     * The sentence about a model that has none of the files that are read.
     *
     * @param names paths of its files, separated by slashes
     */
    public static String describe(Collection<String> names) {
        String wanted = "neither " + Checkpoint.SAFETENSORS + " nor " + Checkpoint.TORCH;
        return found(names)
                .map(found -> wanted + ", but " + found + ", which is not supported")
                .orElse(wanted);
    }

    /** The sentence about a directory. */
    static String describe(Path directory) {
        try (Stream<Path> files = Files.walk(directory, DEPTH)) {
            return describe(files.limit(MOST_FILES)
                    .filter(Files::isRegularFile)
                    .map(file -> directory.relativize(file).toString().replace('\\', '/'))
                    .toList());
        } catch (IOException | UncheckedIOException e) {
            return describe(List.of());
        }
    }

    private static Optional<String> found(Collection<String> names) {
        List<String> found = new ArrayList<>();
        for (String name : names.stream().sorted().toList()) {
            kind(name).ifPresent(kind -> found.add(name + " (" + kind + ")"));
        }
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of(found.get(0) + (found.size() > 1 ? " and " + (found.size() - 1) + " more" : ""));
    }

    private static Optional<String> kind(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return KINDS.entrySet().stream()
                .filter(kind -> lower.endsWith(kind.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
