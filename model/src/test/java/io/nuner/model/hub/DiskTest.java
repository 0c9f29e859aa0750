package io.nuner.model.hub;

import static io.nuner.model.hub.FetchScene.WEIGHTS;
import static io.nuner.model.hub.FetchScene.WEIGHTS_SIZE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A disk without room ends a fetch with the bytes it would need. */
class DiskTest {
    /** Of weights and vocabulary. */
    private static final int DOWNLOAD = WEIGHTS_SIZE + "a vocabulary".length();

    @TempDir
    private Path cache;

    @RegisterExtension
    private final FetchScene scene = new FetchScene(() -> cache);

    @Test
    void roomForFilesAndExportIsLookedForFirst() throws Exception {
        scene.use(new SmallDisk(DOWNLOAD + WEIGHTS_SIZE - 1, Long.MAX_VALUE, ""));

        assertThatExceptionOfType(HubException.class)
                .isThrownBy(scene::fetch)
                .withMessage("not enough space in " + scene.unfinished() + " (--cache): " + DOWNLOAD
                        + " bytes to fetch and at least " + WEIGHTS_SIZE + " bytes to export are needed, "
                        + (DOWNLOAD + WEIGHTS_SIZE - 1) + " bytes are free");
        assertThat(scene.hub().requestsFor(WEIGHTS)).isZero();
    }

    @Test
    void enoughIsEnough() throws Exception {
        scene.use(new SmallDisk(DOWNLOAD + WEIGHTS_SIZE, Long.MAX_VALUE, ""));

        assertThat(scene.fetch()).isDirectory();
    }

    @Test
    void withoutExportItsRoomIsNotNeeded() throws Exception {
        scene.use(new SmallDisk(DOWNLOAD, Long.MAX_VALUE, ""));

        assertThat(scene.fetchWithoutExport()).isDirectory();
    }

    @ParameterizedTest
    @CsvSource({"No space left on device", "Disk quota exceeded", "There is not enough space on the disk"})
    void aDiskThatFillsUpMeanwhileIsNamedAndTheNextFetchContinues(String words) throws Exception {
        scene.use(new SmallDisk(WEIGHTS_SIZE * 3, 100_000, words));

        assertThatExceptionOfType(HubException.class)
                .isThrownBy(scene::fetch)
                .withMessageMatching("the disk is full: \\d+ bytes more are needed in .*, 900000 bytes are free; .*");
        scene.use(Disk.LOCAL);

        assertThat(scene.fetch().resolve(WEIGHTS)).hasBinaryContent(scene.weights());
        assertThat(scene.hub().requestsToCdn())
                .anyMatch(request -> request.path().endsWith(WEIGHTS)
                        && !request.header("range").isEmpty());
    }

    @Test
    void anotherFailureToWriteIsNotCalledAFullDisk() {
        scene.use(new SmallDisk(WEIGHTS_SIZE * 3, 100_000, "Input/output error"));

        assertThatExceptionOfType(HubException.class)
                .isThrownBy(scene::fetch)
                .withMessageStartingWith("cannot write " + scene.unfinished())
                .withMessageContaining("Input/output error");
    }

    /** Says that it has so much room, and takes so many bytes before it fails. */
    private static final class SmallDisk implements Disk {
        private final long usable;
        private final String words;
        private long left;

        SmallDisk(long usable, long left, String words) {
            this.usable = usable;
            this.left = left;
            this.words = words;
        }

        @Override
        public long usableBytes(Path directory) {
            return usable;
        }

        @Override
        public void write(FileChannel file, ByteBuffer bytes) throws IOException {
            left -= bytes.remaining();
            if (left < 0) {
                throw new IOException(words);
            }
            Disk.LOCAL.write(file, bytes);
        }
    }
}
