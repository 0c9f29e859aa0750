package io.nuner.load.forms;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.nuner.v1.GetServerInfoResponse;
import java.util.ArrayList;
import java.util.List;

/**
 * Texts a second by form of call, as it stands in the JSON. Immutable.
 *
 * @param texts of each round and form
 * @param forms in the order in which they took turns; the first is what the others are compared with
 */
record FormsReport(String model, String engine, int texts, int labels, List<Form> forms) {
    private static final Gson GSON =
            new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create();

    /**
     * What one form reached.
     *
     * @param unanswered texts of all rounds that were refused or failed; figures with any are void
     * @param textsPerSecond of each round
     * @param ratio median over the rounds of texts a second over those of the first form in the same round
     */
    record Form(String name, long unanswered, List<Double> textsPerSecond, double median, double ratio) {}

    static FormsReport of(GetServerInfoResponse server, int texts, int labels, List<Rounds> measured) {
        Rounds first = measured.get(0);
        List<Form> forms = measured.stream()
                .map(rounds -> new Form(
                        rounds.form(),
                        rounds.unanswered(),
                        rounds.textsPerSecond(),
                        median(rounds.textsPerSecond()),
                        median(rounds.over(first))))
                .toList();
        String engine = server.getEngine().getName() + " " + server.getEngine().getVersion() + ", "
                + server.getEngine().getDevice();
        return new FormsReport(server.getModel().getName(), engine, texts, labels, forms);
    }

    String toJson() {
        return GSON.toJson(this);
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** What one form did, round by round. One thread at a time. */
    static final class Rounds {
        private final String form;
        private final List<Double> textsPerSecond = new ArrayList<>();
        private long unanswered;

        Rounds(String form) {
            this.form = form;
        }

        void add(int texts, long answered, long nanos) {
            textsPerSecond.add(answered * 1e9 / nanos);
            unanswered += texts - answered;
        }

        String form() {
            return form;
        }

        long unanswered() {
            return unanswered;
        }

        List<Double> textsPerSecond() {
            return List.copyOf(textsPerSecond);
        }

        private List<Double> over(Rounds first) {
            List<Double> ratios = new ArrayList<>();
            for (int round = 0; round < textsPerSecond.size(); round++) {
                ratios.add(textsPerSecond.get(round) / first.textsPerSecond.get(round));
            }
            return ratios;
        }
    }
}
