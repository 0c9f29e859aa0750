package io.nuner.engine.trt.execution;

import io.nuner.engine.EncoderSize;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Which sizes of one profile are captured, in a bounded number of places. One thread at a time.
 *
 * <p>A size that comes a second time is prepared: it runs once in the context of its place, without capture, because a
 * context's first run may allocate. Then it is captured, and from the third time on replayed. When all places are taken, the
 * size that has not come for the longest time gives up its own. A size whose capture failed is not tried again.
 */
final class CaptureLedger {
    private static final int REMEMBERED = 256;

    private final int places;
    private final Map<EncoderSize, Integer> captured = new LinkedHashMap<>(16, 0.75f, true);
    private final Set<EncoderSize> seen = new HashSet<>();
    private final Set<EncoderSize> failed = new HashSet<>();

    /** No size yet. */
    CaptureLedger(int places) {
        this.places = places;
    }

    /** What to do with a batch of this size now; the places of {@link Step#PREPARE} are the caller's to fill. */
    Decision decide(EncoderSize size) {
        Integer place = captured.get(size);
        if (place != null) {
            return new Decision(Step.REPLAY, place);
        }
        if (failed.contains(size) || places == 0 || isNew(size)) {
            return Decision.EAGER;
        }
        return new Decision(Step.PREPARE, freePlace());
    }

    private boolean isNew(EncoderSize size) {
        if (seen.size() >= REMEMBERED) {
            seen.clear(); // sizes that come often are soon known again
        }
        return seen.add(size);
    }

    private int freePlace() {
        if (captured.size() < places) {
            Set<Integer> taken = Set.copyOf(captured.values());
            int place = 0;
            while (taken.contains(place)) {
                place++;
            }
            return place;
        }
        Map.Entry<EncoderSize, Integer> oldest = captured.entrySet().iterator().next();
        captured.remove(oldest.getKey());
        return oldest.getValue();
    }

    /** The size is captured in the place that {@link #decide} gave. */
    void captured(EncoderSize size, int place) {
        captured.put(size, place);
    }

    /** The size cannot be captured. */
    void failed(EncoderSize size) {
        failed.add(size);
    }

    /** What to do with a batch. */
    enum Step {
        /** Run it kernel by kernel. */
        EAGER,
        /** Run it in the context of its place, then capture it. */
        PREPARE,
        /** Launch what was captured in its place. */
        REPLAY
    }

    /**
     * What to do, and in which place.
     *
     * @param place from 0 on; -1 for {@link Step#EAGER}
     */
    record Decision(Step step, int place) {
        static final Decision EAGER = new Decision(Step.EAGER, -1);
    }
}
