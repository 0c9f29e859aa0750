package io.nuner.engine.trt.binding;

import io.nuner.engine.trt.device.DeviceException;
import io.nuner.engine.trt.device.DeviceMemory;
import io.nuner.engine.trt.device.DeviceStream;
import io.nuner.engine.trt.device.PlanContext;
import java.util.Arrays;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.tensorrt.nvinfer.Dims64;
import org.bytedeco.tensorrt.nvinfer.IExecutionContext;

/** An execution context of TensorRT. One thread at a time. */
final class TensorRtContext implements PlanContext {
    private final TensorRtCalls calls;
    private final IExecutionContext context;

    /** Lives as long as the context, which is for ever. */
    private final Dims64 shape = new Dims64();

    TensorRtContext(TensorRtCalls calls, IExecutionContext context) {
        this.calls = calls;
        this.context = context;
    }

    @Override
    public void shape(String input, long... dimensions) throws DeviceException {
        if (dimensions.length > Dims64.MAX_DIMS) {
            throw DeviceException.failed(
                    input + ": at most " + Dims64.MAX_DIMS + " dimensions, not " + dimensions.length);
        }
        shape.nbDims(dimensions.length);
        for (int axis = 0; axis < dimensions.length; axis++) {
            shape.d(axis, dimensions[axis]);
        }
        calls.require(
                () -> "setInputShape " + input + " " + Arrays.toString(dimensions),
                () -> context.setInputShape(input, shape),
                TensorRtContext::noStatus);
    }

    @Override
    public void address(String tensor, DeviceMemory memory, long offset) throws DeviceException {
        Pointer start = ((CudaMemory) memory).at(offset);
        calls.require(
                () -> "setTensorAddress " + tensor,
                () -> context.setTensorAddress(tensor, start),
                TensorRtContext::noStatus);
    }

    @Override
    public void enqueue(DeviceStream stream) throws DeviceException {
        CudaStream target = (CudaStream) stream;
        calls.require(() -> "enqueueV3", () -> context.enqueueV3(target.handle()), target::status);
    }

    /** Shapes and addresses are checked on the host; no GPU can be lost by them. */
    private static int noStatus() {
        return CudaStatus.SUCCESS;
    }
}
