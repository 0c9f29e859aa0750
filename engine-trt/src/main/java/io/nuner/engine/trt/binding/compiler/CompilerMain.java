package io.nuner.engine.trt.binding.compiler;

import io.nuner.engine.trt.binding.DeviceInfos;
import io.nuner.engine.trt.binding.NativeLibraries;
import io.nuner.engine.trt.binding.TensorRtLog;
import io.nuner.engine.trt.device.DeviceException;
import io.nuner.engine.trt.library.LibraryException;
import io.nuner.engine.trt.process.LineMessage;
import io.nuner.engine.trt.process.ParentWatch;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;

/** The process that compiles one graph: takes the file of a {@link CompileJob}, and tells its parent what it does. */
public final class CompilerMain {
    /** What is being done. */
    static final String STAGE = "stage";

    /** An error or warning of TensorRT's. */
    static final String ERROR = "error";

    /** Why there is no plan. */
    static final String FAULT = "fault";

    /** The plan is written. */
    static final String DONE = "done";

    private CompilerMain() {}

    public static void main(String[] arguments) {
        ParentWatch.start();
        int exitCode = run(Path.of(arguments[0]));
        System.out.flush();
        // Not a return: nothing that TensorRT made can be freed, and its exit handlers need not be waited for.
        Runtime.getRuntime().halt(exitCode);
    }

    private static int run(Path file) {
        try {
            CompileJob job = CompileJob.read(file);
            tell(STAGE, "loading TensorRT");
            NativeLibraries.loadForCompiling(job.libraries(), library -> {});
            TensorRtLog.instance().passOnTo(CompilerMain::pass);
            if (DeviceInfos.count() < 1) {
                throw new LibraryException("there is no GPU");
            }
            new GraphCompiler(job, words -> tell(STAGE, words)).compile();
            tell(DONE, "");
            return 0;
        } catch (IOException | LibraryException | DeviceException e) {
            tell(FAULT, String.valueOf(e.getMessage()));
            return 1;
        }
    }

    private static void pass(Level level, String message) {
        if (level == Level.ERROR) {
            tell(ERROR, message);
        }
    }

    private static synchronized void tell(String topic, String text) {
        new LineMessage(topic, text).print(System.out);
    }
}
