package io.nuner.engine.trt.binding;

import io.nuner.engine.trt.device.CapturedGraph;
import io.nuner.engine.trt.device.DeviceException;
import org.bytedeco.cuda.cudart.CUgraphExec_st;
import org.bytedeco.cuda.cudart.CUgraph_st;
import org.bytedeco.cuda.global.cudart;

/** A graph of CUDA, ready to be launched. One thread at a time. */
final class CudaGraph implements CapturedGraph {
    private final DeviceCalls calls;
    private final CUgraphExec_st graph;
    private boolean closed;

    private CudaGraph(DeviceCalls calls, CUgraphExec_st graph) {
        this.calls = calls;
        this.graph = graph;
    }

    /** Makes a captured graph ready; what was captured is freed in any case. */
    static CudaGraph instantiate(DeviceCalls calls, CUgraph_st captured) throws DeviceException {
        CUgraphExec_st graph = new CUgraphExec_st();
        try {
            calls.run("cudaGraphInstantiate", () -> cudart.cudaGraphInstantiate(graph, captured, 0));
        } finally {
            calls.free("cudaGraphDestroy", () -> cudart.cudaGraphDestroy(captured));
        }
        return new CudaGraph(calls, graph);
    }

    CUgraphExec_st handle() {
        return graph;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            calls.free("cudaGraphExecDestroy", () -> cudart.cudaGraphExecDestroy(graph));
        }
    }
}
