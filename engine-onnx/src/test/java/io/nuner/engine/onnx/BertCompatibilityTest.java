package io.nuner.engine.onnx;

import io.nuner.model.testing.Fixtures;

/** The same for an encoder that reads no more than 192 tokens. */
class BertCompatibilityTest extends OnnxEngineCompatibilityTest {
    @Override
    Fixtures fixture() {
        return Fixtures.BERT_V0_W3;
    }
}
