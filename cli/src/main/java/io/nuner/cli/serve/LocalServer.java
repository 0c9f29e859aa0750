package io.nuner.cli.serve;

import io.nuner.cli.common.CommandFailure;
import io.nuner.cli.engine.EngineChoice;
import io.nuner.engine.CompileSettings;
import io.nuner.engine.EngineSettings;
import io.nuner.model.ExportedModel;
import io.nuner.model.ModelException;
import io.nuner.model.NerModel;
import io.nuner.server.InferenceServer;
import io.nuner.server.config.ServerConfig;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/**
 * A server inside this process, for a command that asks it and then ends: as {@code nuner serve --engine onnx} starts it, on a
 * free port of the loopback interface. One thread starts and closes it.
 */
public final class LocalServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalServer.class);

    private final NerModel model;
    private final InferenceServer server;

    private LocalServer(NerModel model, InferenceServer server) {
        this.model = model;
        this.server = server;
    }

    /**
     * Starts a server; it serves when this returns.
     *
     * @param cache where engines keep what they make
     * @throws CommandFailure if model, engine or server cannot start
     */
    public static LocalServer start(ExportedModel exported, Path cache) throws CommandFailure {
        EngineOptions engine = parsed(new EngineOptions(), "--engine=onnx");
        ServerOptions options =
                parsed(new ServerOptions(), "--port=0", "--no-metrics", "--drain-notice=0s", "--drain-grace=1s");
        EngineChoice choice = EngineChoice.of(engine.engine(), EngineChoice.installed());
        CompileSettings compile = engine.compilation(cache, new LoggedCompilation(LOG));
        EngineSettings settings = engine.settings(choice.provider().defaults(), options.maxLabels(), compile);
        ServerConfig config = options.roomFor(settings, options.config());
        NerModel model = open(exported);
        try {
            EngineChoice.Opened opened = choice.open(model.graphs(), provider -> settings, LOG::warn);
            // calls that meet a lost engine say so
            return new LocalServer(model, Serving.start(config, model, opened.engine(), fault -> {}));
        } catch (CommandFailure | RuntimeException | Error e) {
            model.close();
            throw e;
        }
    }

    /** Options with the defaults of the command line, but without its environment. */
    private static <T> T parsed(T options, String... words) {
        new CommandLine(options).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(words);
        return options;
    }

    private static NerModel open(ExportedModel exported) throws CommandFailure {
        try {
            return NerModel.of(exported);
        } catch (ModelException e) {
            throw CommandFailure.of(e);
        }
    }

    /** What clients connect to. */
    public String target() {
        return "127.0.0.1:" + server.port();
    }

    /** Stops it; calls under way get a second. */
    @Override
    public void close() {
        server.close();
        model.close();
    }
}
