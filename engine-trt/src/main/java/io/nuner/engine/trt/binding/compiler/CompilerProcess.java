package io.nuner.engine.trt.binding.compiler;

import io.nuner.engine.EngineException;
import io.nuner.engine.trt.device.PlanCompiler;
import io.nuner.engine.trt.library.LibrarySet;
import io.nuner.engine.trt.process.ChildEnd;
import io.nuner.engine.trt.process.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Compiles in a process of its own: the binding frees nothing, compiling takes gigabytes, and a crash must not be ours. An
 * interrupt of the calling thread ends it, and so does our death. One thread at a time.
 */
public final class CompilerProcess implements PlanCompiler {
    /** TensorRT's memory is outside the heap. */
    private static final List<String> OPTIONS = List.of("-Xmx256m");

    private final ChildJvm jvm;
    private final LibrarySet libraries;
    private final Settings settings;

    public CompilerProcess(LibrarySet libraries, Settings settings) {
        this(new ChildJvm(CompilerMain.class.getName(), OPTIONS), libraries, settings);
    }

    public CompilerProcess(ChildJvm jvm, LibrarySet libraries, Settings settings) {
        this.jvm = jvm;
        this.libraries = libraries;
        this.settings = settings;
    }

    @Override
    public void compile(PlanCompiler.Request request, Progress progress) throws EngineException {
        CompileJob job = new CompileJob(request, libraries, settings.workspaceBytes(), settings.writeLayers());
        try {
            Path file = request.plan().resolveSibling(request.plan().getFileName() + ".job");
            try {
                job.write(file);
                run(file, request, progress);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw cannotCompile(request, String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw cannotCompile(request, "interrupted", e);
        }
    }

    private void run(Path file, PlanCompiler.Request request, Progress progress)
            throws IOException, InterruptedException, EngineException {
        CompilerLines lines = new CompilerLines(progress);
        ChildEnd end = jvm.run(List.of(file.toString()), settings.limit(), lines);
        if (!lines.isDone() || !end.isGood()) {
            String reason = lines.reason().orElseGet(() -> "the compiling process " + words(end));
            throw cannotCompile(request, reason, new IOException("the compiling process " + end.words()));
        }
        if (!Files.isRegularFile(request.plan())) {
            throw new IOException("the compiling process wrote no " + request.plan());
        }
    }

    private String words(ChildEnd end) {
        String limit = settings.limit()
                .map(Duration::toSeconds)
                .map(seconds -> " (" + seconds + " s)")
                .orElse("");
        return end.timedOut() ? end.words() + limit : end.words();
    }

    private static EngineException cannotCompile(PlanCompiler.Request request, String reason, Exception cause) {
        return EngineException.cannotOpen("cannot compile " + request.graph() + ": " + reason, cause);
    }

    /**
     * How to compile. Immutable.
     *
     * @param workspaceBytes GPU memory that a layer may use for itself at most; 0 for all there is
     * @param writeLayers true to write what the plan consists of as JSON into {@code <plan>.layers.json}
     * @param limit how long it may take; empty for as long as it likes
     */
    public record Settings(long workspaceBytes, boolean writeLayers, Optional<Duration> limit) {
        /** All memory, no layers, no limit. */
        public static final Settings DEFAULT = new Settings(0, false, Optional.empty());

        public Settings {
            if (workspaceBytes < 0) {
                throw new IllegalArgumentException("workspaceBytes must be 0 or more, but was " + workspaceBytes);
            }
        }
    }
}
