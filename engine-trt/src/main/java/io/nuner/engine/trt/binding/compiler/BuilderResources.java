package io.nuner.engine.trt.binding.compiler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** TensorRT's files of kernels, one for each kind of GPU and one of PTX for all. */
public final class BuilderResources {
    private static final Pattern NAME = Pattern.compile("libnvinfer_builder_resource_?([a-z0-9]*)\\.so.*");

    private BuilderResources() {}

    /** The kinds whose files lie beside the library, sorted and separated by spaces; empty if there are none. */
    public static String beside(Path nvinfer) {
        SortedSet<String> kinds = new TreeSet<>();
        try (Stream<Path> files = Files.list(nvinfer.toRealPath().resolveSibling("."))) {
            files.map(file -> NAME.matcher(String.valueOf(file.getFileName())))
                    .filter(Matcher::matches)
                    .forEach(match -> kinds.add(match.group(1).isEmpty() ? "all" : match.group(1)));
        } catch (IOException e) {
            return "unknown";
        }
        return String.join(" ", kinds);
    }
}
