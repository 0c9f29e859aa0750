package io.nuner.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.model.export.CheckpointExporter;
import io.nuner.model.export.ProgressListener;
import io.nuner.model.testing.RandomCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Single bits that turn in a file of an exported model: each is noticed, in whatever file. */
class BitFlipTest {
    private static final long SEED = 20_261_130;

    private static final int SHORT = 20;

    @TempDir
    private Path directory;

    private Path model = Path.of("unset");

    @BeforeEach
    void export() throws ModelException {
        RandomCheckpoint.write(RandomCheckpoint.Shape.TINY, 3, directory.resolve("checkpoint"));
        model = directory.resolve("model");
        CheckpointExporter.export(directory.resolve("checkpoint"), model, ProgressListener.none());
    }

    @Test
    void oneTurnedBitIsNoticedInEveryFile() throws IOException, ModelException {
        for (String name : names()) {
            assertThat(noticed(name, SHORT)).as(name).isEqualTo(SHORT);
        }
        assertThat(ExportedModel.open(model).manifest().name()).isEqualTo("checkpoint");
    }

    /** In the manifest, where no other file vouches for it, every single bit. */
    @Test
    @Tag("long")
    void threeHundredBitsOfEachFileAndEveryOneOfTheManifest() throws IOException, ModelException {
        System.out.printf("seed %d%n%-18s %10s %8s %8s%n", SEED, "file", "bytes", "flips", "noticed");
        for (String name : names()) {
            int noticed = noticed(name, 300);
            System.out.printf("%-18s %10d %8d %8d%n", name, Files.size(model.resolve(name)), 300, noticed);
            assertThat(noticed).as(name).isEqualTo(300);
        }
        Path manifest = model.resolve(ModelManifest.FILE);
        byte[] content = Files.readAllBytes(manifest);
        int noticed = 0;
        for (int bit = 0; bit < 8 * content.length; bit++) {
            noticed += isNoticed(manifest, content, bit) ? 1 : 0;
        }
        System.out.printf(
                "%-18s %10d %8d %8d  (every bit)%n", ModelManifest.FILE, content.length, 8 * content.length, noticed);
        assertThat(noticed).isEqualTo(8 * content.length);
        assertThat(ExportedModel.open(model).manifest().name()).isEqualTo("checkpoint");
    }

    @Test
    void aManifestIsReadOnlyAsItWasWritten() throws IOException {
        Path manifest = model.resolve(ModelManifest.FILE);
        String text = Files.readString(manifest);
        List<String> changed = List.of(
                text + " ",
                text.replace("{\n", "{\n  \"more\": 1,\n"),
                text.replaceFirst("\"name\": \"checkpoint\",", "\"name\": \"checkpoint\", \"name\": \"checkpoint\","),
                text.replace("\"name\": \"checkpoint\"", "\"name\": \"other\""),
                text.replaceFirst("  \"sha256\": \"[0-9a-f]*\"\n}", "  \"sha256\": \"0\"\n}"),
                text.replaceFirst(",\n  \"sha256\": \"[0-9a-f]*\"\n}", "\n}"));
        for (String other : changed) {
            assertThat(other).isNotEqualTo(text);
            Files.writeString(manifest, other);
            assertThatThrownBy(() -> ExportedModel.open(model))
                    .isInstanceOf(ModelException.class)
                    .hasMessageStartingWith(manifest.toString())
                    .hasMessageContaining("export the checkpoint again");
        }
    }

    @Test
    void aModelOfAnEarlierVersionIsNamedAsSuch() throws IOException {
        Path manifest = model.resolve(ModelManifest.FILE);
        Files.writeString(manifest, Files.readString(manifest).replace("\"format\": 3", "\"format\": 2"));

        assertThatThrownBy(() -> ExportedModel.open(model))
                .hasMessage(manifest + ": is of format 2, which another version of this program wrote; this one reads"
                        + " the formats 3 and 4; export the checkpoint again");
    }

    private static List<String> names() {
        List<String> names = new ArrayList<>(ExportedFiles.ALL);
        names.add(ModelManifest.FILE);
        return names;
    }

    private int noticed(String name, int flips) throws IOException {
        Random random = new Random(SEED + name.hashCode());
        Path file = model.resolve(name);
        byte[] content = Files.readAllBytes(file);
        int noticed = 0;
        for (int flip = 0; flip < flips; flip++) {
            noticed += isNoticed(file, content, random.nextInt(8 * content.length)) ? 1 : 0;
        }
        return noticed;
    }

    private boolean isNoticed(Path file, byte[] content, int bit) throws IOException {
        byte[] flipped = content.clone();
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        Files.write(file, flipped);
        try {
            ExportedModel.open(model);
            return false;
        } catch (ModelException e) {
            return String.valueOf(e.getMessage()).startsWith(file.toString());
        } finally {
            Files.write(file, content);
        }
    }
}
