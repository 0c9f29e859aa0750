package io.nuner.eval;

import io.grpc.Status;
import io.nuner.client.ExtractionClient;
import io.nuner.client.ExtractionException;
import io.nuner.client.ExtractionOptions;
import io.nuner.client.Labels;
import io.nuner.client.Outcome;
import io.nuner.v1.GetServerInfoResponse;
import java.time.Duration;

/**
 * A server that is asked for the same labels in one text after the other. Any thread.
 *
 * <p>A text that is refused for what it is has no entities. Any other failure ends the run, because figures must not depend on
 * the load of a server. A text that is refused because of too much work is offered again first.
 *
 * @param patience how long one text is offered again to an overloaded server
 */
record AskedServer(Side side, ExtractionClient client, Labels labels, ExtractionOptions options, Duration patience) {
    /** What it says of itself. */
    GetServerInfoResponse info() throws SideException {
        try {
            return client.serverInfo();
        } catch (ExtractionException e) {
            throw SideException.of(side, e);
        }
    }

    /**
     * What becomes of a text.
     *
     * @throws SideException if the server cannot be asked any longer
     */
    Outcome ask(String text) throws SideException, InterruptedException {
        long startNanos = System.nanoTime();
        while (true) {
            try {
                return new Outcome.Extracted(client.extract(text, labels, options));
            } catch (ExtractionException e) {
                if (isAboutTheText(e)) {
                    return new Outcome.Refused(e);
                }
                if (e.retryAfter().isEmpty() || System.nanoTime() - startNanos > patience.toNanos()) {
                    throw SideException.of(side, e);
                }
                Thread.sleep(e.retryAfter().orElseThrow().toMillis());
            }
        }
    }

    private static boolean isAboutTheText(ExtractionException failure) {
        String field = failure.field().orElse("text");
        return switch (failure.code()) {
            case INVALID_ARGUMENT -> field.equals("text");
            case RESOURCE_EXHAUSTED -> failure.retryAfter().isEmpty();
            default -> failure.code() == Status.Code.INTERNAL;
        };
    }
}
