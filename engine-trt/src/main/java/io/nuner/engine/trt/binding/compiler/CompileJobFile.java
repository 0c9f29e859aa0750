package io.nuner.engine.trt.binding.compiler;

import io.nuner.engine.trt.build.PlanCompiler;
import io.nuner.engine.trt.library.LibrarySet;
import io.nuner.engine.trt.profile.ShapeRange;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;

/** A {@link CompileJob} as a file of properties, by which parent and child speak of it. */
public final class CompileJobFile {
    private static final String LIBRARY = "library.";

    private CompileJobFile() {}

    static void write(CompileJob job, Path file) throws IOException {
        Properties properties = new Properties();
        PlanCompiler.Request request = job.request();
        properties.setProperty("graph", request.graph().toString());
        properties.setProperty("plan", request.plan().toString());
        properties.setProperty("timing-cache", request.timingCache().toString());
        properties.setProperty("device", Integer.toString(request.device()));
        properties.setProperty("optimization-level", Integer.toString(request.optimizationLevel()));
        properties.setProperty("workspace-bytes", Long.toString(job.workspaceBytes()));
        properties.setProperty("write-layers", Boolean.toString(job.writeLayers()));
        List<String> libraries = job.libraries().arguments();
        for (int index = 0; index < libraries.size(); index++) {
            properties.setProperty(LIBRARY + index, libraries.get(index));
        }
        for (int profile = 0; profile < request.profiles().size(); profile++) {
            writeProfile(properties, profile, request.profiles().get(profile));
        }
        try (Writer writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        }
    }

    private static void writeProfile(Properties properties, int profile, List<ShapeRange> inputs) {
        for (int index = 0; index < inputs.size(); index++) {
            ShapeRange range = inputs.get(index);
            String key = key(profile, index);
            properties.setProperty(key + "input", range.input());
            properties.setProperty(key + "min", sizes(range.min()));
            properties.setProperty(key + "opt", sizes(range.opt()));
            properties.setProperty(key + "max", sizes(range.max()));
        }
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IOException naming what is missing
     */
    public static CompileJob read(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        List<String> libraries = new ArrayList<>();
        while (properties.containsKey(LIBRARY + libraries.size())) {
            libraries.add(properties.getProperty(LIBRARY + libraries.size()));
        }
        try {
            return new CompileJob(
                    request(properties),
                    LibrarySet.parse(libraries),
                    Long.parseLong(value(properties, "workspace-bytes")),
                    Boolean.parseBoolean(value(properties, "write-layers")));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static PlanCompiler.Request request(Properties properties) {
        List<List<ShapeRange>> profiles = new ArrayList<>();
        while (properties.containsKey(key(profiles.size(), 0) + "input")) {
            profiles.add(profile(properties, profiles.size()));
        }
        return new PlanCompiler.Request(
                Path.of(value(properties, "graph")),
                Path.of(value(properties, "plan")),
                Path.of(value(properties, "timing-cache")),
                profiles,
                Integer.parseInt(value(properties, "device")),
                Integer.parseInt(value(properties, "optimization-level")));
    }

    private static List<ShapeRange> profile(Properties properties, int profile) {
        List<ShapeRange> inputs = new ArrayList<>();
        String key = key(profile, 0);
        while (properties.containsKey(key + "input")) {
            inputs.add(new ShapeRange(
                    value(properties, key + "input"),
                    sizes(value(properties, key + "min")),
                    sizes(value(properties, key + "opt")),
                    sizes(value(properties, key + "max"))));
            key = key(profile, inputs.size());
        }
        return inputs;
    }

    private static String value(Properties properties, String key) {
        String value = properties.getProperty(key);
        if (value == null) {
            throw new IllegalArgumentException(key + " is missing");
        }
        return value;
    }

    private static String key(int profile, int input) {
        return "profile." + profile + "." + input + ".";
    }

    private static String sizes(List<Long> sizes) {
        return sizes.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }

    private static List<Long> sizes(String words) {
        return words.isEmpty()
                ? List.of()
                : List.of(words.split(" ")).stream().map(Long::valueOf).toList();
    }
}
