package io.nuner.gputest.stage;

/** The reference implementation's own ONNX export, as a baseline built by TensorRT. */
final class ReferenceOnnx {
    /** Why there is none. */
    static final String REASON =
            "not implemented: torch.onnx.export needs the package onnx, which a bare machine lacks, and"
                    + " the engine builds only graphs of our own contract; export with benchmarks/reference and time it with trtexec";

    private ReferenceOnnx() {}
}
