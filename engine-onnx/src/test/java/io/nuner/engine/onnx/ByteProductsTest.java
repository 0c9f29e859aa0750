package io.nuner.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteProductsTest {
    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest
    @CsvSource({
        "x86_64,  fpu avx2 avx512f avx512_vnni,    false, int8 weights with avx512_vnni",
        "x86_64,  fpu avx2 avx_vnni,               false, int8 weights with avx_vnni",
        "x86_64,  fpu avx2 avx_vnni avx512f,       true,  'int8 weights more slowly, as it shows no VNNI'",
        "x86_64,  fpu avx2 avx512f avx512bw,       true,  'int8 weights more slowly, as it shows no VNNI'",
        "x86_64,  fpu avx2,                        true,  'int8 weights more slowly, as it shows no VNNI'",
        "x86_64,  '',                              true,  'int8 weights more slowly, as it shows no VNNI'",
        "aarch64, fp asimd asimddp i8mm,           false, int8 weights with i8mm",
        "aarch64, fp asimd asimddp,                false, int8 weights with asimddp",
        "aarch64, fp asimd,                        false, 'int8 weights more slowly, as it shows no dot product'"
    })
    void onlyAProcessorThatWouldOverflowIsToldNotTo(String processor, String features, boolean isTold, String words) {
        assertThat(ByteProducts.of(processor, Set.copyOf(Arrays.asList(features.split(" ")))))
                .isEqualTo(new ByteProducts(isTold, words));
    }

    @Test
    void featuresAreReadAsLinuxWritesThem() throws IOException {
        Path x86 = Files.writeString(directory.resolve("x86"), """
                processor\t: 0
                vmx flags\t: no
                flags\t\t: fpu  avx2 avx_vnni
                bugs\t\t: spectre

                processor\t: 1
                flags\t\t: fpu other
                """);
        Path arm = Files.writeString(directory.resolve("arm"), "BogoMIPS\t: 50.00\nFeatures\t: fp asimd i8mm\n");
        Path neither = Files.writeString(directory.resolve("neither"), "cpu : POWER9\n");

        assertThat(ByteProducts.features(x86)).containsExactlyInAnyOrder("fpu", "avx2", "avx_vnni");
        assertThat(ByteProducts.features(arm)).containsExactlyInAnyOrder("fp", "asimd", "i8mm");
        assertThat(ByteProducts.features(neither)).isEmpty();
        assertThat(ByteProducts.features(directory.resolve("missing"))).isEmpty();
    }
}
