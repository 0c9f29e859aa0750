package io.nuner.engine.trt.binding.compiler;

import io.nuner.engine.trt.device.PlanCompiler;
import io.nuner.engine.trt.process.LineMessage;
import io.nuner.engine.trt.process.ParentWatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A compiling process that does what the graph's name says. */
public final class FakeCompiler {
    private FakeCompiler() {}

    public static void main(String[] arguments) throws Exception {
        ParentWatch.start();
        PlanCompiler.Request request = CompileJob.read(Path.of(arguments[0])).request();
        switch (String.valueOf(request.graph().getFileName())) {
            case "good" -> writePlan(request);
            case "planless" -> tell("done", "");
            case "silent" -> System.out.println("a library prints something");
            case "refused" -> {
                tell("error", "Error Code 10: no implementation for node MatMul_7");
                tell("fault", "buildSerializedNetwork failed");
                System.exit(1);
            }
            case "many" -> {
                for (int error = 0; error < 10; error++) {
                    tell("error", "error " + error);
                }
                System.exit(1);
            }
            case "hang" -> {
                tell("stage", Long.toString(ProcessHandle.current().pid()));
                new CountDownLatch(1).await();
            }
            default -> throw new IllegalArgumentException(request.graph().toString());
        }
    }

    private static void writePlan(PlanCompiler.Request request) throws IOException {
        tell("stage", "reading the graph");
        tell("stage", "building");
        Files.writeString(request.plan(), "plan for GPU " + request.device());
        tell("done", "");
    }

    private static void tell(String topic, String text) {
        new LineMessage(topic, text).print(System.out);
    }
}
