package io.nuner.server.documents;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.v1.Entity;
import io.nuner.v1.ExtractDocumentResponse;
import io.nuner.v1.Usage;
import java.util.ArrayList;
import java.util.List;

/** The messages of one ExtractDocument call, checked one by one against what the contract says. One thread at a time. */
final class Document {
    private final List<Entity> entities = new ArrayList<>();
    private final List<Entity> beyond = new ArrayList<>(); // of those, the ones that do not start before safe_until
    private int safeUntil;
    private int messages;
    private boolean ended;
    private Usage usage = Usage.getDefaultInstance();

    void add(ExtractDocumentResponse message) {
        assertThat(ended).as("a message behind the last one").isFalse();
        assertThat(message.getSafeUntil()).as("safe_until never falls").isGreaterThanOrEqualTo(safeUntil);
        for (Entity entity : message.getEntitiesList()) {
            assertThat(entity.getStart())
                    .as("no later entity starts before safe_until")
                    .isGreaterThanOrEqualTo(safeUntil);
            entities.add(entity);
            beyond.add(entity);
        }
        safeUntil = message.getSafeUntil();
        assertThat(beyond.stream().filter(entity -> entity.getStart() < safeUntil && entity.getEnd() > safeUntil))
                .as("safe_until inside an entity")
                .isEmpty();
        beyond.removeIf(entity -> entity.getStart() < safeUntil);
        messages++;
        ended = message.hasUsage();
        usage = message.getUsage();
        assertThat(message.hasTimings()).isEqualTo(ended);
    }

    List<Entity> entities() {
        return entities;
    }

    int safeUntil() {
        return safeUntil;
    }

    int messages() {
        return messages;
    }

    boolean isComplete() {
        return ended;
    }

    Usage usage() {
        return usage;
    }
}
