package io.nuner.engine.trt.execution;

import io.nuner.engine.BatchTensor;
import io.nuner.engine.EncoderSize;
import io.nuner.engine.GraphNames;
import io.nuner.engine.trt.device.CapturedGraph;
import io.nuner.engine.trt.device.DeviceException;
import io.nuner.engine.trt.device.DeviceStream;
import io.nuner.engine.trt.device.PlanContext;
import io.nuner.engine.trt.profile.Cell;
import org.jspecify.annotations.Nullable;

/**
 * The encoder of one slot in one cell. One thread at a time.
 *
 * <p>Has one context for runs at any size and one for each place of a captured size: a captured graph keeps using its
 * context's memory, so contexts are not shared. They cannot be freed, so places are filled anew instead.
 */
final class EncoderCell {
    /** Single texts of one length come in about half a dozen sizes. */
    static final int PLACES = 12;

    private final Cell cell;
    private final int profile;
    private final CaptureSizes sizes;
    private final SlotMemory memory;
    private final CaptureLedger ledger = new CaptureLedger(PLACES);
    private final @Nullable PlanContext[] contexts = new PlanContext[PLACES];
    private final @Nullable CapturedGraph[] graphs = new CapturedGraph[PLACES];
    private @Nullable PlanContext eager;
    private @Nullable Due due;

    EncoderCell(Cell cell, int profile, CaptureSizes sizes, SlotMemory memory) {
        this.cell = cell;
        this.profile = profile;
        this.sizes = sizes;
        this.memory = memory;
    }

    /** The size at which a batch runs here: its own, or a little larger where it is captured. */
    EncoderSize sizeOf(EncoderSize batch) {
        EncoderSize own = new EncoderSize(batch.rows(), cell.rowLength(), batch.tokens(), batch.needed());
        return sizes.of(batch, cell).orElse(own);
    }

    /** Adds a run to the stream; the batch is laid out at {@link #sizeOf} it. */
    void enqueue(DeviceStream stream, InputPlacement inputs) throws DeviceException {
        EncoderSize size = inputs.layout().encoderSize();
        CaptureLedger.Decision decision =
                size.tokens() > sizes.maxTokens() ? CaptureLedger.Decision.EAGER : ledger.decide(size);
        switch (decision.step()) {
            case EAGER -> enqueue(eagerContext(), stream, inputs);
            case PREPARE -> {
                enqueue(context(decision.place()), stream, inputs);
                due = new Due(size, decision.place());
            }
            case REPLAY -> stream.launch(graph(decision.place()));
        }
    }

    /**
     * Captures the size that was prepared by the last run, which must be over.
     *
     * @throws DeviceException if the GPU is lost; whatever else goes wrong only leaves the size uncaptured
     */
    void captureWhatIsDue(DeviceStream stream) throws DeviceException {
        Due prepared = due;
        due = null;
        if (prepared == null) {
            return;
        }
        try {
            capture(prepared, stream);
            ledger.captured(prepared.size, prepared.place);
        } catch (DeviceException e) {
            if (e.isSticky()) {
                throw e;
            }
            ledger.failed(prepared.size);
        }
    }

    private void capture(Due prepared, DeviceStream stream) throws DeviceException {
        CapturedGraph old = graphs[prepared.place];
        if (old != null) {
            graphs[prepared.place] = null;
            old.close();
        }
        PlanContext context = context(prepared.place);
        stream.beginCapture();
        DeviceException failure = null;
        try {
            context.enqueue(stream);
        } catch (DeviceException e) {
            failure = e;
        }
        graphs[prepared.place] = endCapture(stream, failure);
    }

    /** A capture is ended whatever happened in it, or the stream would take no further work. */
    private static CapturedGraph endCapture(DeviceStream stream, @Nullable DeviceException failure)
            throws DeviceException {
        CapturedGraph graph = stream.endCapture();
        if (failure != null) {
            graph.close();
            throw failure;
        }
        return graph;
    }

    private void enqueue(PlanContext context, DeviceStream stream, InputPlacement inputs) throws DeviceException {
        for (BatchTensor tensor : BatchTensor.values()) {
            if (memory.encoderReads(tensor)) {
                context.shape(tensor.graphName(), inputs.layout().shape(tensor));
                context.address(tensor.graphName(), memory.inputs(), inputs.offset(tensor));
            }
        }
        context.address(GraphNames.HIDDEN_STATES, memory.hiddenStates(), 0);
        context.enqueue(stream);
    }

    private PlanContext eagerContext() throws DeviceException {
        PlanContext context = eager == null ? memory.newEncoderContext(profile) : eager;
        eager = context;
        return context;
    }

    private PlanContext context(int place) throws DeviceException {
        PlanContext known = contexts[place];
        PlanContext context = known == null ? memory.newEncoderContext(profile) : known;
        contexts[place] = context;
        return context;
    }

    private CapturedGraph graph(int place) {
        CapturedGraph graph = graphs[place];
        if (graph == null) {
            throw new IllegalStateException("nothing is captured in place " + place);
        }
        return graph;
    }

    /** A size that has just run in the context of its place. */
    private record Due(EncoderSize size, int place) {}
}
