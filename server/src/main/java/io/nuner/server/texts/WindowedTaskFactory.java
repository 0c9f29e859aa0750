package io.nuner.server.texts;

import io.nuner.model.window.LabelGroups;
import io.nuner.model.window.WindowLimits;
import io.nuner.server.batching.Admission.Permit;
import io.nuner.server.batching.Refusal;
import io.nuner.server.batching.Rejection;
import io.nuner.server.texts.Extractor.ExtractionTask;
import io.nuner.server.texts.Extractor.Query;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes {@link WindowedTask}s, and holds what they have in common. Any thread.
 *
 * @param windows how large windows are
 * @param texts the operator's choices
 * @param threads do the work of rows that came back
 * @param budget bounds all long texts
 */
public record WindowedTaskFactory(
        TextModel model,
        WindowLimits windows,
        LongTexts texts,
        Executor threads,
        LengthBudget budget,
        Pipeline pipeline) {
    /** The one of a server, with no text under way. */
    public static WindowedTaskFactory of(
            TextModel model, int maxTokens, LongTexts texts, Executor threads, Pipeline pipeline) {
        WindowLimits windows = new WindowLimits(model.maxWords(), maxTokens, texts.overlapWords());
        return new WindowedTaskFactory(model, windows, texts, threads, new LengthBudget(texts.mostUnits()), pipeline);
    }

    int maxWidth() {
        return Math.max(1, model.info().getMaxWidth());
    }

    /** A long text whose first window is encoded, or its refusal. */
    ExtractionTask open(Query query, LabelGroups groups, Permit permit) {
        int units = query.submission().request().getText().length();
        if (!budget.take(units)) {
            return Extractor.refused(Refusal.of(Rejection.OVERLOADED), query.submission());
        }
        Optional<Refusal> refusal = Optional.of(Refusal.of(Rejection.DEFECT));
        try {
            WindowedTask text = new WindowedTask(query, sink(query), groups, this, permit.openDocument());
            refusal = text.open(permit);
            if (refusal.isEmpty()) {
                return text;
            }
        } finally {
            if (refusal.isPresent()) {
                budget.give(units);
            }
        }
        return Extractor.refused(refusal.get(), query.submission());
    }

    private EntitySink sink(Query query) {
        String requestId = query.submission().request().getRequestId();
        return query.submission().sink().orElseGet(() -> new EntityCollector(pipeline.limits(), requestId));
    }

    /** The bound on the length of all long texts that are under way, since the gate counts only their rows in flight. Any thread. */
    public static final class LengthBudget {
        private final long mostUnits;
        private final AtomicLong units = new AtomicLong();

        LengthBudget(long mostUnits) {
            this.mostUnits = mostUnits;
        }

        /** False if there is no room; one text always finds some. */
        boolean take(int more) {
            long held = units.addAndGet(more);
            if (held <= mostUnits || held == more) {
                return true;
            }
            units.addAndGet(-more);
            return false;
        }

        void give(int back) {
            units.addAndGet(-back);
        }
    }
}
