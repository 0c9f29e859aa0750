package io.nuner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.WeightsFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a user may not read or write is called so, and is not taken for a broken model. In a virtual machine of its own, where
 * even root has not got the right to pass over permissions.
 */
class PermissionTest {
    @TempDir
    private Path directory;

    private final List<Path> closed = new ArrayList<>();

    @AfterEach
    void openAgain() throws IOException {
        for (Path path : closed) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void whatMayNotBeReadOrWrittenIsNamed() throws Exception {
        Path model = close(Files.createDirectory(directory.resolve("model")));
        Path checkpoint = checkpoint();
        Path weights = close(checkpoint.resolve("model.safetensors"));
        Path listed = closeListing(checkpoint());
        Path place = closeWriting(Files.createDirectory(directory.resolve("place")));
        Path text = close(Files.writeString(directory.resolve("text"), "Ada"));
        String serve = "serve --port=0 --no-metrics --cache=" + directory.resolve("cache") + " --model=";

        List<String> lines = Denied.run(
                serve + model,
                serve + checkpoint,
                serve + listed,
                "export --checkpoint=" + model + " --out=" + directory.resolve("out"),
                "export --checkpoint=" + checkpoint() + " --out=" + place.resolve("out"),
                "serve --port=0 --no-metrics --cache=" + place.resolve("cache") + " --model=" + checkpoint(),
                "extract --label=person --file=" + text);

        assertThat(lines)
                .containsExactly(
                        "1 nuner serve: --model " + model + " cannot be read: permission denied",
                        "1 nuner serve: cannot read the checkpoint: " + weights + ": permission denied",
                        "1 nuner serve: cannot read the checkpoint: " + listed + ": permission denied",
                        "1 nuner export: --checkpoint " + model + " cannot be read: permission denied",
                        "1 nuner export: " + place.resolve("out") + ": cannot be written: permission denied",
                        "1 nuner serve: cannot write the model cache " + place.resolve("cache/models")
                                + " (--cache): permission denied",
                        "1 nuner extract: --file " + text + " cannot be read: permission denied");
    }

    private Path checkpoint() {
        return Fixtures.MARKER_W1.checkpoint(directory, WeightsFormat.SAFETENSORS);
    }

    private Path close(Path path) throws IOException {
        return restrict(path, "---------");
    }

    private Path closeListing(Path path) throws IOException {
        return restrict(path, "-wx------");
    }

    private Path closeWriting(Path path) throws IOException {
        return restrict(path, "r-x------");
    }

    private Path restrict(Path path, String permissions) throws IOException {
        closed.add(path);
        return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }
}
