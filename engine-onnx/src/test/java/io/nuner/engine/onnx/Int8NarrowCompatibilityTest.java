package io.nuner.engine.onnx;

import io.nuner.model.testing.Fixtures;

/** The same for a model that scores single words, so that a text of one word has one row of scores. */
class Int8NarrowCompatibilityTest extends Int8CompatibilityTest {
    @Override
    Fixtures fixture() {
        return Fixtures.MARKER_W1;
    }
}
