package io.nuner.eval;

import io.grpc.Status;
import io.nuner.client.ExtractionClient;
import io.nuner.client.ExtractionException;
import io.nuner.client.ExtractionOptions;
import io.nuner.client.Labels;
import io.nuner.client.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/**
 * Asks for the same labels in many texts, a bounded number of calls at a time. One thread at a time.
 *
 * <p>A text that is refused for what it is has no entities. Any other failure ends the run, because figures must not depend on
 * the load of a server. A text that is refused because of too much work is offered again first.
 */
final class ManyQuestions {
    private final ExtractionClient client;
    private final Labels labels;
    private final ExtractionOptions options;
    private final int concurrency;
    private final Duration patience;

    /**
     * Questions for one server.
     *
     * @param concurrency calls at a time, at most
     * @param patience how long one text is offered again to an overloaded server
     */
    ManyQuestions(
            ExtractionClient client,
            List<String> labels,
            ExtractionOptions options,
            int concurrency,
            Duration patience) {
        this.client = client;
        this.labels = Labels.of(labels);
        this.options = options;
        this.concurrency = concurrency;
        this.patience = patience;
    }

    /**
     * The outcomes, in the order of the texts.
     *
     * @param answered is told, by the calling thread, how many texts are done
     * @throws ExtractionException if the server cannot be asked any longer
     */
    List<Outcome> ask(List<String> texts, IntConsumer answered) throws ExtractionException, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(concurrency);
        try {
            CompletionService<Outcome> calls = new ExecutorCompletionService<>(threads);
            List<Future<Outcome>> inOrder =
                    texts.stream().map(text -> calls.submit(() -> ask(text))).toList();
            for (int done = 1; done <= texts.size(); done++) {
                result(calls.take());
                answered.accept(done);
            }
            List<Outcome> outcomes = new ArrayList<>(texts.size());
            for (Future<Outcome> call : inOrder) {
                outcomes.add(result(call));
            }
            return outcomes;
        } finally {
            threads.shutdownNow();
        }
    }

    private static Outcome result(Future<Outcome> call) throws ExtractionException, InterruptedException {
        try {
            return call.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ExtractionException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private Outcome ask(String text) throws ExtractionException, InterruptedException {
        long startNanos = System.nanoTime();
        while (true) {
            try {
                return new Outcome.Extracted(client.extract(text, labels, options));
            } catch (ExtractionException e) {
                if (isAboutTheText(e)) {
                    return new Outcome.Refused(e);
                }
                if (e.retryAfter().isEmpty() || System.nanoTime() - startNanos > patience.toNanos()) {
                    throw e;
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
