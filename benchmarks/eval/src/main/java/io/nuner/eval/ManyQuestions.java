package io.nuner.eval;

import io.nuner.client.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/**
 * Asks every server about every text, a bounded number of texts at a time. One thread at a time.
 *
 * <p>A text goes to one server after the other, every second text in the opposite order, so that several servers do the same
 * work at the same time.
 */
final class ManyQuestions {
    private final List<AskedServer> servers;
    private final List<AskedServer> backwards;
    private final int concurrency;

    /**
     * Questions for these servers.
     *
     * @param concurrency texts at a time, at most; each is one call at a time
     */
    ManyQuestions(List<AskedServer> servers, int concurrency) {
        this.servers = List.copyOf(servers);
        List<AskedServer> reversed = new ArrayList<>(servers);
        Collections.reverse(reversed);
        this.backwards = List.copyOf(reversed);
        this.concurrency = concurrency;
    }

    /**
     * For each text, in their order, its outcome of each server, in theirs.
     *
     * @param answered is told, by the calling thread, how many texts are done
     * @throws SideException if a server cannot be asked any longer
     */
    List<List<Outcome>> ask(List<String> texts, IntConsumer answered) throws SideException, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(concurrency);
        try {
            CompletionService<List<Outcome>> calls = new ExecutorCompletionService<>(threads);
            List<Future<List<Outcome>>> inOrder = new ArrayList<>(texts.size());
            for (String text : texts) {
                boolean reversed = inOrder.size() % 2 == 1;
                inOrder.add(calls.submit(() -> ask(text, reversed)));
            }
            for (int done = 1; done <= texts.size(); done++) {
                result(calls.take());
                answered.accept(done);
            }
            List<List<Outcome>> outcomes = new ArrayList<>(texts.size());
            for (Future<List<Outcome>> call : inOrder) {
                outcomes.add(result(call));
            }
            return outcomes;
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<Outcome> result(Future<List<Outcome>> call) throws SideException, InterruptedException {
        try {
            return call.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SideException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private List<Outcome> ask(String text, boolean reversed) throws SideException, InterruptedException {
        List<Outcome> outcomes = new ArrayList<>(servers.size());
        for (AskedServer server : reversed ? backwards : servers) {
            outcomes.add(server.ask(text));
        }
        if (reversed) {
            Collections.reverse(outcomes);
        }
        return outcomes;
    }
}
