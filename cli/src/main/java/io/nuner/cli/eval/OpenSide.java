package io.nuner.cli.eval;

import io.nuner.cli.serve.LocalServer;
import io.nuner.client.ClientConfig;
import io.nuner.client.ExtractionClient;
import java.time.Duration;

/** A server that can be asked. One thread opens and closes it. */
final class OpenSide implements AutoCloseable {
    private final ExtractionClient client;
    private final Runnable stop;

    private OpenSide(ClientConfig config, Runnable stop) {
        this.client = ExtractionClient.connect(config);
        this.stop = stop;
    }

    /** A server elsewhere, which goes on afterwards. */
    static OpenSide of(ClientConfig config) {
        return new OpenSide(config, () -> {});
    }

    /** A server of this process, which is stopped at the end. */
    static OpenSide of(LocalServer server, Duration timeout) {
        try {
            return new OpenSide(ClientConfig.plaintext(server.target()).withTimeout(timeout), server::close);
        } catch (RuntimeException | Error e) {
            server.close();
            throw e;
        }
    }

    ExtractionClient client() {
        return client;
    }

    @Override
    public void close() {
        client.close();
        stop.run();
    }
}
