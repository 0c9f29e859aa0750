package io.nuner.eval;

import io.nuner.client.ExtractionClient;
import io.nuner.client.ExtractionOptions;
import io.nuner.client.Labels;
import io.nuner.client.Outcome;
import io.nuner.v1.GetServerInfoResponse;
import java.time.Duration;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * What to ask a server about an annotated file, and how. Immutable.
 *
 * @param concurrency texts at a time, at most
 * @param timeout of one call, and how long a text is offered again to an overloaded server
 */
public record Evaluation(AnnotatedFile data, ExtractionOptions options, int concurrency, Duration timeout) {
    private static final double NANOS_PER_SECOND = 1e9;

    /**
     * Asks about all texts and compares the answers with the annotations.
     *
     * @param answered is told, by the calling thread, how many texts are done
     * @throws SideException if the server cannot be asked any longer
     */
    public EvalReport run(ExtractionClient client, IntConsumer answered) throws SideException, InterruptedException {
        AskedServer server = server(Side.A, client);
        GetServerInfoResponse info = server.info();
        Asked asked = ask(List.of(server), answered);
        return EvalReport.of(this, info, asked.of(0), asked.seconds());
    }

    AskedServer server(Side side, ExtractionClient client) {
        return new AskedServer(side, client, Labels.of(data.testSet().labels()), options, timeout);
    }

    Asked ask(List<AskedServer> servers, IntConsumer answered) throws SideException, InterruptedException {
        List<AnnotatedText> texts = data.testSet().texts();
        ManyQuestions questions = new ManyQuestions(servers, concurrency);
        long startNanos = System.nanoTime();
        List<List<Outcome>> outcomes =
                questions.ask(texts.stream().map(AnnotatedText::text).toList(), answered);
        return new Asked(texts, outcomes, (System.nanoTime() - startNanos) / NANOS_PER_SECOND);
    }

    /**
     * What became of the texts.
     *
     * @param outcomes for each text its outcome of each server
     */
    record Asked(List<AnnotatedText> texts, List<List<Outcome>> outcomes, double seconds) {
        /** The answers of one server, by its place in the list. */
        Answers of(int server) {
            return Answers.of(
                    texts, outcomes.stream().map(each -> each.get(server)).toList());
        }
    }
}
