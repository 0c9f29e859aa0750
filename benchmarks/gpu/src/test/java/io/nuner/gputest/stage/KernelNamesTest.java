package io.nuner.gputest.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelNamesTest {
    private static final String LAYERS = """
            {"Layers": [
              {"Name": "a", "LayerType": "gemm", "TacticName": "sm90_xmma_gemm_f16f16_f16f32_f32_tn_n_tilesize128x128x64_gmma"},
              {"Name": "b", "LayerType": "kgen", "TacticName": "__myl_AddCast_0x12"},
              {"Name": "c", "LayerType": "gemm", "TacticName": "sm80_xmma_gemm_f16f16_f16f32"},
              {"Name": "d", "LayerType": "NoOp", "TacticName": ""}],
             "Bindings": ["token_ids", "logits"]}
            """;

    @TempDir
    Path directory;

    @Test
    void kernelsAreCountedByWhatTheirNamesSay() throws Exception {
        KernelNames names = new KernelNames();

        names.read(Files.writeString(directory.resolve("p.plan.layers.json"), LAYERS));

        assertThat(names.count("sm90")).isEqualTo(1);
        assertThat(names.count("gmma")).isEqualTo(1);
        assertThat(names.count("xmma")).isEqualTo(2);
        assertThat(names.count("sm80")).isEqualTo(1);
        assertThat(names.count("__myl_")).isEqualTo(1);
        assertThat(names.count("fmha")).isZero();
    }

    @Test
    void aFileThatIsNoJsonNamesNoKernel() throws Exception {
        KernelNames names = new KernelNames();

        names.read(Files.writeString(directory.resolve("p.plan.layers.json"), "no json {"));

        assertThat(names.count("sm90")).isZero();
    }
}
