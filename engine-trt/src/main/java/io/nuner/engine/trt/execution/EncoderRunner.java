package io.nuner.engine.trt.execution;

import io.nuner.engine.BatchTensor;
import io.nuner.engine.EncoderSize;
import io.nuner.engine.GraphNames;
import io.nuner.engine.trt.device.CapturedGraph;
import io.nuner.engine.trt.device.DeviceException;
import io.nuner.engine.trt.device.DeviceStream;
import io.nuner.engine.trt.device.PlanContext;
import io.nuner.engine.trt.profile.Profile;
import org.jspecify.annotations.Nullable;

/**
 * Runs the encoder of one slot in one profile. One thread at a time.
 *
 * <p>Has one context for runs at any size and one for each place of a captured size: a captured graph keeps using its
 * context's memory, so contexts are not shared. They cannot be freed, so places are filled anew instead.
 */
final class EncoderRunner {
    /** Single texts of one length come in about half a dozen sizes. */
    static final int PLACES = 12;

    private final Profile profile;
    private final int number;
    private final CaptureSizes sizes;
    private final SlotMemory memory;
    private final CaptureLedger ledger = new CaptureLedger(PLACES);
    private final @Nullable PlanContext[] contexts = new PlanContext[PLACES];
    private final @Nullable CapturedGraph[] graphs = new CapturedGraph[PLACES];
    private @Nullable PlanContext eager;
    private @Nullable Due due;

    EncoderRunner(Profile profile, int number, CaptureSizes sizes, SlotMemory memory) {
        this.profile = profile;
        this.number = number;
        this.sizes = sizes;
        this.memory = memory;
    }

    /** The size at which a batch runs here: its own, or a little larger where it is captured. */
    EncoderSize sizeOf(EncoderSize batch) {
        EncoderSize own = new EncoderSize(batch.rows(), profile.rowLength(), batch.tokens(), batch.needed());
        return sizes.of(batch, profile).orElse(own);
    }

    /**
     * Sets up a run of a batch that is laid out at {@link #sizeOf} it. May make a context, which takes time; other encoders do
     * not wait for it.
     *
     * @return adds the run to the stream
     */
    EncoderTurn.Encoder prepare(DeviceStream stream, InputPlacement inputs) throws DeviceException {
        due = null; // if the run that prepared it failed, its context may get other shapes now
        EncoderSize size = inputs.layout().encoderSize();
        CaptureLedger.Decision decision =
                size.tokens() > sizes.maxTokens() ? CaptureLedger.Decision.EAGER : ledger.decide(size);
        return switch (decision.step()) {
            case EAGER -> eager(stream, inputs);
            case PREPARE -> warmUp(stream, inputs, decision.place());
            case REPLAY -> {
                CapturedGraph graph = graph(decision.place());
                yield () -> stream.launch(graph);
            }
        };
    }

    private EncoderTurn.Encoder eager(DeviceStream stream, InputPlacement inputs) throws DeviceException {
        PlanContext context = eagerContext();
        bind(context, inputs);
        return () -> context.enqueue(stream);
    }

    /** Without memory for another context the size runs without capture, now and later. */
    private EncoderTurn.Encoder warmUp(DeviceStream stream, InputPlacement inputs, int place) throws DeviceException {
        EncoderSize size = inputs.layout().encoderSize();
        PlanContext context;
        try {
            context = context(place);
        } catch (DeviceException e) {
            giveUp(size, e);
            return eager(stream, inputs);
        }
        bind(context, inputs);
        return () -> {
            try {
                context.enqueue(stream);
            } catch (DeviceException e) {
                giveUp(size, e);
                throw e;
            }
            due = new Due(size, place);
        };
    }

    /** The size is not captured, unless the GPU is lost. */
    private void giveUp(EncoderSize size, DeviceException failure) throws DeviceException {
        if (failure.isSticky()) {
            throw failure;
        }
        ledger.failed(size);
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
            giveUp(prepared.size, e);
        }
    }

    private void capture(Due prepared, DeviceStream stream) throws DeviceException {
        CapturedGraph old = graphs[prepared.place];
        if (old != null) {
            graphs[prepared.place] = null;
            old.close();
        }
        PlanContext context = context(prepared.place);
        synchronized (memory.setUp()) {
            graphs[prepared.place] = captured(context, stream);
        }
    }

    private static CapturedGraph captured(PlanContext context, DeviceStream stream) throws DeviceException {
        stream.beginCapture();
        DeviceException failure = null;
        try {
            context.enqueue(stream);
        } catch (DeviceException e) {
            failure = e;
        }
        return endCapture(stream, failure);
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

    private void bind(PlanContext context, InputPlacement inputs) throws DeviceException {
        for (BatchTensor tensor : BatchTensor.values()) {
            if (memory.encoderReads(tensor)) {
                context.shape(tensor.graphName(), inputs.layout().shape(tensor));
                context.address(tensor.graphName(), memory.inputs(), inputs.offset(tensor));
            }
        }
        context.address(GraphNames.HIDDEN_STATES, memory.hiddenStates(), 0);
    }

    private PlanContext eagerContext() throws DeviceException {
        PlanContext context = eager == null ? memory.newEncoderContext(number) : eager;
        eager = context;
        return context;
    }

    private PlanContext context(int place) throws DeviceException {
        PlanContext known = contexts[place];
        PlanContext context = known == null ? memory.newEncoderContext(number) : known;
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
