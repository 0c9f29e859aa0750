package io.nuner.cli.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.nuner.cli.CommandRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command with {@code --target} takes HOST:PORT and nothing else, but for {@code eval}, which takes a directory too. */
class TargetTest {
    private static final List<List<String>> COMMANDS = List.of(
            List.of("extract", "--label=person", "x"),
            List.of("eval", "--data=/does/not/exist"),
            List.of("bench", "--rate=1"),
            List.of("plan", "--trace=/does/not/exist", "--slo=p99=1s"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost:8001",
                "https://localhost:8001",
                "grpc://localhost:8001",
                "xds:///x",
                "ipv4:127.0.0.1:8001",
                "unix:/x",
                "localhost",
                ":8001",
                "localhost:abc",
                "localhost:99999",
                "a,b:1",
                "host name:1",
                "b\u00fccher.example:1",
                "http://user:secret@localhost:8001"
            })
    void anythingElseIsAWrongCommandLine(String target) {
        for (List<String> command : COMMANDS) {
            CommandRun run = run(command, target);

            assertThat(run.err()).contains(": --target must be HOST:PORT").doesNotContain("secret");
            assertThat(run.err().lines()).hasSize(1);
            assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        }
    }

    @Test
    void aServerOnAnIpv6AddressIsFound() throws IOException {
        InetAddress loopback = InetAddress.getAllByName("::1")[0];
        assumeTrue(hasIpv6(loopback), "this machine has no IPv6 loopback");
        Server empty = NettyServerBuilder.forAddress(new InetSocketAddress(loopback, 0))
                .build()
                .start();
        try {
            CommandRun run = run(List.of("extract", "--label=person", "x"), "[::1]:" + empty.getPort());

            assertThat(run.err()).contains("UNIMPLEMENTED"); // so it was reached
        } finally {
            empty.shutdownNow();
        }
    }

    private static boolean hasIpv6(InetAddress loopback) {
        try (ServerSocket socket = new ServerSocket(0, 1, loopback)) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    private static CommandRun run(List<String> command, String target) {
        List<String> words = new ArrayList<>(command);
        words.add("--target=" + target);
        return CommandRun.of(words.toArray(String[]::new));
    }
}
