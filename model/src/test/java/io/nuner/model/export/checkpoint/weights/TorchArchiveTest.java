package io.nuner.model.export.checkpoint.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.model.ModelException;
import io.nuner.model.export.checkpoint.Checkpoint;
import io.nuner.model.export.checkpoint.PickleBuilder;
import io.nuner.model.testing.Fixtures;
import io.nuner.model.testing.WeightsFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchArchiveTest {
    @TempDir
    private Path directory;

    private final ByteArrayOutputStream file = new ByteArrayOutputStream();
    private final ZipOutputStream zip = new ZipOutputStream(file);

    @BeforeEach
    void store() {
        zip.setMethod(ZipOutputStream.STORED);
    }

    @Test
    void bothFormatsOfACheckpointHoldTheSameTensors() throws ModelException {
        Path safetensors = Fixtures.MARKER_V0_W3.checkpoint(directory, WeightsFormat.SAFETENSORS);
        Path torch = Fixtures.MARKER_V0_W3.checkpoint(directory, WeightsFormat.PYTORCH_BIN);

        try (Checkpoint one = Checkpoint.open(safetensors);
                Checkpoint other = Checkpoint.open(torch)) {
            assertThat(other.names()).containsExactlyInAnyOrderElementsOf(one.names());
            for (String name : one.names()) {
                assertThat(other.tensor(name).shape())
                        .isEqualTo(one.tensor(name).shape());
                assertThat(other.tensor(name).readAll())
                        .isEqualTo(one.tensor(name).readAll());
            }
        }
    }

    @Test
    void aTensorMayBeAPartOfItsStorage() throws IOException, ModelException {
        entry(
                "m/data.pkl",
                new PickleBuilder()
                        .op('}')
                        .text("t")
                        .tensor("0", 4, 1, 2)
                        .op('s')
                        .stop());
        entry("m/data/0", floats(1, 2, 3, 4));

        try (Checkpoint checkpoint = open()) {
            assertThat(checkpoint.tensor("t").readAll()).containsExactly(2, 3);
        }
    }

    @Test
    void aHostilePickleIsRefusedByName() throws IOException {
        byte[] hostile = new PickleBuilder()
                .global("os", "system")
                .text("touch /tmp/owned")
                .op(0x85, 'R')
                .stop();
        entry("m/data.pkl", hostile);

        assertRefused("the name os.system, which is refused");
    }

    @Test
    void aTensorOutsideItsStorageIsRefused() throws IOException {
        entry(
                "m/data.pkl",
                new PickleBuilder()
                        .op('}')
                        .text("t")
                        .tensor("0", 4, 3, 2)
                        .op('s')
                        .stop());
        entry("m/data/0", floats(1, 2, 3, 4));

        assertRefused("tensor t of shape [2] does not fit its storage of 16 bytes");
    }

    @Test
    void aStorageThatIsNotThereIsRefused() throws IOException {
        entry(
                "m/data.pkl",
                new PickleBuilder()
                        .op('}')
                        .text("t")
                        .tensor("../1", 4, 0, 4)
                        .op('s')
                        .stop());

        assertRefused("lacks the entry m/data/../1");
    }

    @Test
    void somethingElseThanTensorsIsRefused() throws IOException {
        entry("m/data.pkl", new PickleBuilder().op('}').text("t").op('N', 's').stop());

        assertRefused("under t something else than a tensor");
    }

    @Test
    void compressedEntriesAreRefused() throws IOException {
        zip.setMethod(ZipOutputStream.DEFLATED);
        zip.putNextEntry(new ZipEntry("m/data.pkl"));
        zip.write(new byte[10_000]);
        zip.closeEntry();

        assertRefused("is compressed");
    }

    @Test
    void namesThatLeaveTheArchiveAreRefused() throws IOException {
        entry("m/data.pkl", new byte[] {'.'});
        entry("../../etc/passwd", new byte[1]);

        assertRefused("leaves the archive");
    }

    @Test
    void anArchiveWithoutAPickleIsRefused() throws IOException {
        entry("m/other", new byte[1]);

        assertRefused("holds 0 entries data.pkl");
    }

    @Test
    void bigEndianArchivesAreRefused() throws IOException {
        entry("m/byteorder", "big".getBytes(StandardCharsets.US_ASCII));
        entry("m/data.pkl", new byte[] {'.'});

        assertRefused("not little-endian");
    }

    @Test
    void moreEntriesThanAnyModelHasAreRefused() throws IOException {
        for (int i = 0; i <= 10_000; i++) {
            entry("m/data/" + i, new byte[0]);
        }

        assertRefused("10001 zip entries");
    }

    @Test
    void aRawPickleIsNoArchive() throws IOException {
        assertRefused(new PickleBuilder().op('}').stop(), "is no zip archive");
    }

    @Test
    void everyCutOfARealArchiveIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(Fixtures.MARKER_W1
                .checkpoint(directory, WeightsFormat.PYTORCH_BIN)
                .resolve(Checkpoint.TORCH));
        for (int length = 0; length < whole.length; length += 4_999) {
            assertRefused(Arrays.copyOf(whole, length), "pytorch_model.bin: ");
        }
    }

    @Test
    void everyDamageToTheDirectoryIsReadOrRefusedInOneLine() throws IOException {
        byte[] whole = Files.readAllBytes(Fixtures.MARKER_W1
                .checkpoint(directory, WeightsFormat.PYTORCH_BIN)
                .resolve(Checkpoint.TORCH));
        for (long seed = 0; seed < 500; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] damaged = whole.clone();
            damaged[whole.length - 1 - random.nextInt(5_000)] = (byte) random.nextInt(256);
            Files.write(directory.resolve(Checkpoint.TORCH), damaged);
            try {
                Checkpoint.open(directory).close();
            } catch (ModelException expected) {
                assertThat(expected.getMessage()).as("seed %d", seed).doesNotContain("\n");
            }
        }
    }

    private void entry(String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        CRC32 crc = new CRC32();
        crc.update(content);
        entry.setCrc(crc.getValue());
        entry.setSize(content.length);
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    private static byte[] floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return bytes.array();
    }

    private Checkpoint open() throws IOException, ModelException {
        zip.close();
        Files.write(directory.resolve(Checkpoint.TORCH), file.toByteArray());
        return Checkpoint.open(directory);
    }

    private void assertRefused(String reason) throws IOException {
        zip.close();
        assertRefused(file.toByteArray(), reason);
    }

    private void assertRefused(byte[] content, String reason) throws IOException {
        Files.write(directory.resolve(Checkpoint.TORCH), content);
        assertThatThrownBy(() -> Checkpoint.open(directory).close())
                .isInstanceOf(ModelException.class)
                .hasMessageStartingWith(directory.resolve(Checkpoint.TORCH).toString())
                .hasMessageContaining(reason)
                .message()
                .doesNotContain("\n");
    }
}
