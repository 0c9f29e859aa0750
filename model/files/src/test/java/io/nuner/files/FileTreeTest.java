package io.nuner.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTreeTest {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void deletesAllThatIsBelowAndFollowsNoLink() throws Exception {
        Path kept = Files.writeString(
                Files.createDirectory(directory.resolve("kept")).resolve("file"), "12345");
        Path tree = directory.resolve("tree");
        Files.createDirectories(tree.resolve("deep"));
        Files.writeString(tree.resolve("deep").resolve("file"), "123");
        Files.createSymbolicLink(tree.resolve("link"), kept.getParent());

        assertThat(FileTree.bytes(tree.resolve("deep"))).isEqualTo(3);
        FileTree.delete(tree);

        assertThat(tree).doesNotExist();
        assertThat(kept).hasContent("12345");
    }

    @Test
    void deletingWhatIsNotThereDoesNothing() throws Exception {
        FileTree.delete(directory.resolve("nothing"));

        assertThat(directory).isEmptyDirectory();
    }
}
