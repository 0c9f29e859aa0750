package io.nuner.engine.trt.binding.compiler;

import com.google.protobuf.InvalidProtocolBufferException;
import io.nuner.engine.trt.device.PlanCompiler;
import io.nuner.engine.trt.library.LibrarySet;
import io.nuner.engine.trt.profile.ShapeRange;
import io.nuner.model.format.tensorrt.CompileJobMessage;
import io.nuner.model.format.tensorrt.ProfileMessage;
import io.nuner.model.format.tensorrt.ShapeRangeMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * All that the compiling process has to know, which reads it from a file. Immutable.
 *
 * @param request what to compile
 * @param libraries what to load for it
 * @param workspaceBytes see {@link CompilerProcess.Settings}
 * @param writeLayers see {@link CompilerProcess.Settings}
 */
record CompileJob(PlanCompiler.Request request, LibrarySet libraries, long workspaceBytes, boolean writeLayers) {
    /** Writes the file, over an older one if there is one. */
    void write(Path file) throws IOException {
        CompileJobMessage.Builder message = CompileJobMessage.newBuilder()
                .setGraph(request.graph().toString())
                .setPlan(request.plan().toString())
                .setTimingCache(request.timingCache().toString())
                .setDevice(request.device())
                .setOptimizationLevel(request.optimizationLevel())
                .setLibraries(libraries.message())
                .setWorkspaceBytes(workspaceBytes)
                .setWriteLayers(writeLayers);
        for (List<ShapeRange> inputs : request.profiles()) {
            message.addProfiles(ProfileMessage.newBuilder()
                    .addAllInputs(inputs.stream().map(CompileJob::message).toList()));
        }
        Files.write(file, message.build().toByteArray());
    }

    private static ShapeRangeMessage message(ShapeRange range) {
        return ShapeRangeMessage.newBuilder()
                .setInput(range.input())
                .addAllMin(range.min())
                .addAllOpt(range.opt())
                .addAllMax(range.max())
                .build();
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IOException naming the file, and what is missing in it
     */
    static CompileJob read(Path file) throws IOException {
        try {
            CompileJobMessage message = CompileJobMessage.parseFrom(Files.readAllBytes(file));
            return new CompileJob(
                    request(message),
                    LibrarySet.of(message.getLibraries()),
                    message.getWorkspaceBytes(),
                    message.getWriteLayers());
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static PlanCompiler.Request request(CompileJobMessage message) {
        return new PlanCompiler.Request(
                Path.of(message.getGraph()),
                Path.of(message.getPlan()),
                Path.of(message.getTimingCache()),
                message.getProfilesList().stream().map(CompileJob::inputs).toList(),
                message.getDevice(),
                message.getOptimizationLevel());
    }

    private static List<ShapeRange> inputs(ProfileMessage profile) {
        return profile.getInputsList().stream()
                .map(range ->
                        new ShapeRange(range.getInput(), range.getMinList(), range.getOptList(), range.getMaxList()))
                .toList();
    }
}
