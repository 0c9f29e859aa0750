package io.nuner.engine.trt.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LineMessageTest {
    @Test
    void arrivesAsItWasSent() {
        assertThat(LineMessage.parse(sent("step", "loading /a b/c.so")))
                .contains(new LineMessage("step", "loading /a b/c.so"));
        assertThat(LineMessage.parse(sent("done", ""))).contains(new LineMessage("done", ""));
    }

    @Test
    void staysInOneLine() {
        assertThat(sent("fault", "one\ntwo\r\n")).isEqualTo("@nuner fault one two");
    }

    @Test
    void isToldFromWhatLibrariesPrint() {
        assertThat(LineMessage.parse("Cuda Runtime: all is well")).isEmpty();
        assertThat(LineMessage.parse("@nuner")).isEmpty();
        assertThat(LineMessage.parse("@nuner  text")).isEmpty();
        assertThat(LineMessage.parse("")).isEmpty();
    }

    private static String sent(String topic, String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new LineMessage(topic, text).print(new PrintStream(out, false, StandardCharsets.UTF_8));
        String line = out.toString(StandardCharsets.UTF_8);
        assertThat(line).endsWith("\n");
        return line.substring(0, line.length() - 1);
    }
}
