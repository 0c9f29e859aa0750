package io.nuner.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A command of {@code nuner} in a virtual machine of its own that inherits nothing: no variable of a CI, a home, a temporary and a
 * working directory that were empty before.
 */
final class CleanProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;
    private final List<String> lines = new ArrayList<>();

    private CleanProcess(Process process) {
        this.process = process;
        output = process.inputReader(StandardCharsets.UTF_8);
    }

    /**
     * Starts a command.
     *
     * @param wrapper words in front of the command, for another user or file system
     * @param place the directory that gets home, temporary and working directory
     */
    static CleanProcess start(List<String> wrapper, Path place, String... arguments) throws IOException {
        List<String> words = new ArrayList<>(wrapper);
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(List.of("-XX:-UsePerfData", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        words.add("-Djava.io.tmpdir=" + Files.createDirectories(place.resolve("tmp")));
        words.add("-Duser.home=" + Files.createDirectories(place.resolve("home")));
        words.add(Nuner.class.getName());
        words.addAll(List.of(arguments));
        ProcessBuilder command = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .directory(Files.createDirectories(place.resolve("work")).toFile());
        command.environment().clear();
        command.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        command.environment().put("PATH", "/usr/bin:/bin:/usr/sbin:/sbin");
        command.environment().put("HOME", place.resolve("home").toString());
        return new CleanProcess(command.start());
    }

    /** Waits for a line that holds these words. */
    String await(String words) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            lines.add(line);
            if (line.contains(words)) {
                return line;
            }
        }
        throw new AssertionError("ended without \"" + words + "\": " + lines);
    }

    /** Waits for the end and returns all that it wrote. */
    List<String> awaitEnd() throws IOException, InterruptedException {
        output.lines().forEach(lines::add);
        requireEnded();
        return lines;
    }

    int exitCode() {
        return process.exitValue();
    }

    /** Ends it by SIGTERM. */
    void terminate() throws InterruptedException {
        process.destroy();
        requireEnded();
    }

    /** Ends it by SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        requireEnded();
    }

    private void requireEnded() throws InterruptedException {
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            throw new AssertionError("did not end within 20 s");
        }
    }

    /** The native libraries in its memory, as files, of those for which the condition holds. */
    Set<Path> libraries(Predicate<Path> condition) throws IOException {
        Set<Path> found = new TreeSet<>();
        for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/maps"))) {
            int path = line.indexOf('/');
            if (path >= 0 && line.contains(".so") && condition.test(Path.of(line.substring(path)))) {
                found.add(Path.of(line.substring(path)));
            }
        }
        return found;
    }

    /** Local and remote address and port of each TCP and UDP socket it has open, as the kernel writes them. */
    Set<String> sockets() throws IOException {
        Path self = Path.of("/proc/" + process.pid());
        Set<String> inodes = new TreeSet<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(self.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                inodes.add(Files.readSymbolicLink(descriptor).toString());
            }
        }
        Set<String> found = new TreeSet<>();
        for (String table : List.of("tcp", "tcp6", "udp", "udp6")) {
            for (String line : Files.readAllLines(self.resolve("net").resolve(table))) {
                String[] columns = line.strip().split(" +", -1);
                if (inodes.contains("socket:[" + columns[9] + "]")) {
                    found.add(columns[1] + " " + columns[2]);
                }
            }
        }
        return found;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
