package io.nuner.server;

import io.nuner.v1.Entity;
import io.nuner.v1.ExtractRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Texts of many lengths and label sets with the answers each gets alone; some are poisoned. Immutable. */
final class FaultTexts {
    /** The word that a faulty engine stumbles over. */
    static final String POISON = "poison";

    private static final int TEXTS = 64;
    private static final int POISONED_EVERY = 16;

    private final List<ExtractRequest> requests;
    private final List<List<Entity>> answers;

    private FaultTexts(List<ExtractRequest> requests, List<List<Entity>> answers) {
        this.requests = List.copyOf(requests);
        this.answers = List.copyOf(answers);
    }

    /** Asks a healthy server for each text alone. */
    static FaultTexts answeredBy(FaultSubject healthy, long seed) {
        Random random = new Random(seed);
        List<ExtractRequest> requests = new ArrayList<>();
        List<List<Entity>> answers = new ArrayList<>();
        for (int text = 0; text < TEXTS; text++) {
            requests.add(request(random, text % POISONED_EVERY == 1));
            answers.add(healthy.extract(requests.get(text), 20_000));
        }
        return new FaultTexts(requests, answers);
    }

    private static ExtractRequest request(Random random, boolean poisoned) {
        StringBuilder text = new StringBuilder(poisoned ? POISON : "sound");
        int words = random.nextInt(random.nextInt(10) == 0 ? 200 : 30);
        for (int word = 0; word < words; word++) {
            text.append(" word").append(random.nextInt(1000));
        }
        ExtractRequest.Builder request = ExtractRequest.newBuilder().setText(text.toString());
        for (int label = 0; label <= random.nextInt(6); label++) {
            request.addLabels("label " + random.nextInt(1000) + " " + label);
        }
        return request.build();
    }

    int count() {
        return requests.size();
    }

    ExtractRequest request(int index) {
        return requests.get(index);
    }

    List<Entity> answer(int index) {
        return answers.get(index);
    }

    boolean isPoisoned(int index) {
        return requests.get(index).getText().startsWith(POISON);
    }
}
