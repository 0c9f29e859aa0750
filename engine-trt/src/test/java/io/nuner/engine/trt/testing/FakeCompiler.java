package io.nuner.engine.trt.testing;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.nuner.engine.EngineException;
import io.nuner.engine.trt.device.PlanCompiler;
import io.nuner.engine.trt.profile.ShapeRange;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes a plan of a graph by packing it up with its weights and profiles. Any thread. */
public final class FakeCompiler implements PlanCompiler {
    private final AtomicInteger compiled = new AtomicInteger();

    @Override
    public void compile(PlanCompiler.Request request, Progress progress) throws EngineException {
        progress.stage("packing " + request.graph().getFileName());
        check(request.graph());
        String name = request.graph().getFileName().toString();
        Path weights = request.graph().resolveSibling(name.replace(".onnx", ".weights"));
        try (DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(request.plan())))) {
            out.writeUTF(FakePlan.MAGIC);
            writeFile(out, request.graph());
            writeFile(out, weights);
            writeProfiles(out, request.profiles());
            compiled.incrementAndGet();
        } catch (IOException e) {
            throw EngineException.cannotOpen(request.graph() + ": " + e.getMessage(), e);
        }
    }

    private static void check(Path graph) throws EngineException {
        try (OrtSession session = FakePlan.open(graph)) {
            session.getNumInputs();
        } catch (OrtException e) {
            throw EngineException.cannotOpen(graph + ": cannot be compiled (" + e.getCode() + ")", e);
        }
    }

    private static void writeFile(DataOutputStream out, Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        out.writeUTF(file.getFileName().toString());
        out.writeInt(content.length);
        out.write(content);
    }

    private static void writeProfiles(DataOutputStream out, List<List<ShapeRange>> profiles) throws IOException {
        out.writeInt(profiles.size());
        for (List<ShapeRange> profile : profiles) {
            out.writeInt(profile.size());
            for (ShapeRange range : profile) {
                out.writeUTF(range.input());
                out.writeInt(range.min().size());
                for (int axis = 0; axis < range.min().size(); axis++) {
                    out.writeLong(range.min().get(axis));
                    out.writeLong(range.max().get(axis));
                }
            }
        }
    }

    /** Plans made. */
    public int compiled() {
        return compiled.get();
    }
}
