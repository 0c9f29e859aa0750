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
 * What long texts have in common. Any thread.
 *
 * @param windows how large windows are
 * @param texts the operator's choices
 * @param threads do the work of rows that came back
 * @param room bounds all long texts
 */
public record WindowedTaskFactory(
        TextModel model, WindowLimits windows, LongTexts texts, Executor threads, LengthBudget room, Pipeline pipeline) {
    /** Those of one server, of which none is under way. */
    public static WindowedTaskFactory of(TextModel model, int maxTokens, LongTexts texts, Executor threads, Pipeline pipeline) {
        WindowLimits windows = new WindowLimits(model.maxWords(), maxTokens, texts.overlapWords());
        return new WindowedTaskFactory(model, windows, texts, threads, new LengthBudget(texts.mostUnits()), pipeline);
    }

    int maxWidth() {
        return Math.max(1, model.info().getMaxWidth());
    }

    /** A long text whose first window is encoded, or its refusal. */
    ExtractionTask open(Query question, LabelGroups groups, Permit permit) {
        int units = question.asked().request().getText().length();
        if (!room.take(units)) {
            return Extractor.refused(Refusal.of(Rejection.OVERLOADED), question.asked());
        }
        Optional<Refusal> refusal = Optional.of(Refusal.of(Rejection.DEFECT));
        try {
            WindowedTask text = new WindowedTask(question, parts(question), groups, this, permit.openDocument());
            refusal = text.open(permit);
            if (refusal.isEmpty()) {
                return text;
            }
        } finally {
            if (refusal.isPresent()) {
                room.give(units);
            }
        }
        return Extractor.refused(refusal.get(), question.asked());
    }

    private EntitySink parts(Query question) {
        String requestId = question.asked().request().getRequestId();
        return question.asked().parts().orElseGet(() -> new EntityCollector(pipeline.limits(), requestId));
    }

    /** The bound on all long texts that are under way, since the gate counts only their rows in flight. Any thread. */
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
