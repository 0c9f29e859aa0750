package io.nuner.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReadmeTest {
    @Test
    void theJavaExampleIsCodeThatCompiles() throws IOException {
        String source = Files.readString(Path.of("src/test/java/io/nuner/client/ReadmeSnippet.java"));
        String code = between(source, "// README begins\n", "// README ends").stripIndent();

        assertThat(Files.readString(Path.of("../../README.md"))).contains("```java\n" + code.strip() + "\n```");
    }

    private static String between(String text, String begin, String end) {
        int from = text.indexOf(begin) + begin.length();
        int to = text.lastIndexOf('\n', text.indexOf(end, from));
        return text.substring(from, to);
    }
}
