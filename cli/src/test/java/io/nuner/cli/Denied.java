package io.nuner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs several commands in one virtual machine and prints code and line of each; in one of its own that even root cannot read all files in. */
final class Denied {
    private static final String NEXT = "--and--";

    private Denied() {}

    /** Command lines, separated by {@value #NEXT}. */
    public static void main(String... arguments) {
        List<String> words = Arrays.asList(arguments);
        int from = 0;
        while (from < words.size()) {
            int next = words.subList(from, words.size()).indexOf(NEXT);
            int to = next < 0 ? words.size() : from + next;
            CommandRun run = CommandRun.of(words.subList(from, to).toArray(String[]::new));
            System.out.println(run.exitCode() + " " + run.err().strip());
            from = to + 1;
        }
    }

    /** Runs command lines, their words separated by blanks, as a user that has no right to pass over permissions. */
    static List<String> run(String... commands) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            assumeTrue(hasSetpriv(), "root without setpriv may read and write everything");
            words.addAll(List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search"));
        }
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(List.of("-XX:TieredStopAtLevel=1", Denied.class.getName()));
        words.addAll(List.of(String.join(" " + NEXT + " ", commands).split(" ", -1)));
        ProcessBuilder command = new ProcessBuilder(words).redirectErrorStream(true);
        command.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process process = command.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return output.lines().filter(line -> line.contains(" nuner ")).toList();
    }

    private static boolean hasSetpriv() throws IOException {
        for (String place : String.valueOf(System.getenv("PATH")).split(":", -1)) {
            if (Files.isExecutable(Path.of(place, "setpriv"))) {
                return true;
            }
        }
        return false;
    }
}
