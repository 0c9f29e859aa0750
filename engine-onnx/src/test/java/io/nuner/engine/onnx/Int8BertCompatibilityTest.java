package io.nuner.engine.onnx;

import io.nuner.model.testing.Fixtures;

/** The same for a BERT. */
class Int8BertCompatibilityTest extends Int8CompatibilityTest {
    @Override
    Fixtures fixture() {
        return Fixtures.BERT_V0_W3;
    }
}
