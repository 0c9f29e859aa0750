package io.nuner.model.accuracy;

import io.nuner.model.Accuracy;
import java.util.Set;

/** Counts entities of both sides and those that are equal. One thread at a time. */
final class EntityCount {
    private int exact;
    private int rounded;
    private int equal;

    void add(Set<FoundEntity> ofExact, Set<FoundEntity> ofRounded) {
        exact += ofExact.size();
        rounded += ofRounded.size();
        equal += (int) ofExact.stream().filter(ofRounded::contains).count();
    }

    Accuracy.Entities total() {
        return new Accuracy.Entities(exact, rounded, equal);
    }
}
