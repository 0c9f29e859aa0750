package io.nuner.engine.trt.binding;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TensorRtVersionTest {
    @Test
    void isTakenApartAsTensorRtPutsItTogether() {
        assertThat(TensorRtVersion.of(110201)).hasToString("11.2.1");
        assertThat(TensorRtVersion.of(101504)).hasToString("10.15.4");
        assertThat(TensorRtVersion.BINDING).hasToString("11.2.1");
    }

    @Test
    void suitsIfItIsOfTheSameMajorAndNotOlder() {
        assertThat(TensorRtVersion.of(110200).isSuitable()).isTrue();
        assertThat(TensorRtVersion.of(110401).isSuitable()).isTrue();
        assertThat(TensorRtVersion.of(110100).isSuitable()).isFalse();
        assertThat(TensorRtVersion.of(101504).isSuitable()).isFalse();
        assertThat(TensorRtVersion.of(120300).isSuitable()).isFalse();
        assertThat(TensorRtVersion.NEEDED).isEqualTo("11.2 or a newer 11");
    }
}
