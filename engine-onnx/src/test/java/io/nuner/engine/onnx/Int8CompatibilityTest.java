package io.nuner.engine.onnx;

import io.nuner.model.WeightType;

/** The same with int8 weights, where a row scores exactly the same in every batch. */
class Int8CompatibilityTest extends OnnxEngineCompatibilityTest {
    @Override
    WeightType weights() {
        return WeightType.INT8;
    }

    @Override
    protected float tolerance() {
        return 0;
    }
}
