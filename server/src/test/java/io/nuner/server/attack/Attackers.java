package io.nuner.server.attack;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Attackers in a process of their own, which gets the processor when nobody else wants it, as attackers on machines of their
 * own would. A process and not niced threads, because a virtual machine that collects garbage waits for its slowest thread.
 */
final class Attackers implements AutoCloseable {
    static final int CONNECTIONS = 60;
    static final int MALFORMED = 240_000;

    private static final String EXTRACT = "nuner.v1.NerService/Extract";

    private final Process process;
    private final BufferedReader said;

    private Attackers(Process process) {
        this.process = process;
        said = process.inputReader(StandardCharsets.UTF_8);
    }

    /**
     * Starts the process, which waits for {@link #attack}.
     *
     * @param attack {@code half-sent} or {@code malformed}
     */
    static Attackers start(String attack, int port) throws IOException {
        Process process = new ProcessBuilder(
                        "nice",
                        "-n",
                        "19",
                        System.getProperty("java.home") + "/bin/java",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Attackers.class.getName(),
                        attack,
                        Integer.toString(port))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Attackers attackers = new Attackers(process);
        attackers.result(); // it is ready
        return attackers;
    }

    /** Lets them attack; does not wait. */
    void attack() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
    }

    /** Waits for their end, and says what they saw. */
    String result() throws IOException {
        String line = said.readLine();
        if (line == null) {
            throw new IOException("the attackers' process ended");
        }
        return line;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** The process: which attack, and the server's port. */
    public static void main(String[] args) throws Exception {
        int port = Integer.parseInt(args[1]);
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println("ready");
        commands.readLine();
        System.out.println(args[0].equals("malformed") ? malformed(port) : halfSent(port));
        commands.readLine();
    }

    /** Opens 60 connections, and sends 20 messages of 1 MiB less their last byte on each. */
    private static String halfSent(int port) throws Exception {
        byte[] half = RawHttp2.prefixed(1 << 20, new byte[(1 << 20) - 6]);
        List<Callable<Integer>> attacks = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            RawHttp2 client = RawHttp2.connect("127.0.0.2", port);
            attacks.add(() -> sendHalves(client, half));
        }
        return sum(attacks) + " half-sent messages on " + CONNECTIONS + " connections";
    }

    private static int sendHalves(RawHttp2 client, byte[] half) {
        int sent = 0;
        try {
            for (; sent < 20; sent++) {
                client.data(client.call(EXTRACT), half, false);
            }
        } catch (IOException e) {
            return sent; // cut off
        }
        return sent;
    }

    private static String malformed(int port) throws Exception {
        Map<String, Integer> fates = new ConcurrentHashMap<>();
        List<Callable<Integer>> attacks = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            long seed = i;
            attacks.add(() -> callMalformed(seed, port, fates));
        }
        long start = System.nanoTime();
        int lost = sum(attacks);
        return String.format(
                Locale.ROOT,
                "%d malformed calls of %d forms on %d connections in %.0f s: %s, connections lost %d",
                MALFORMED,
                MalformedCalls.Form.values().length,
                CONNECTIONS,
                (System.nanoTime() - start) / 1e9,
                new TreeMap<>(fates),
                lost);
    }

    private static int sum(List<Callable<Integer>> attacks) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(attacks.size());
        int sum = 0;
        for (Future<Integer> end : threads.invokeAll(attacks)) {
            sum += end.get();
        }
        threads.shutdown();
        return sum;
    }

    /** Connections that were lost. */
    private static int callMalformed(long seed, int port, Map<String, Integer> fates) throws IOException {
        MalformedCalls calls = new MalformedCalls(seed);
        RawHttp2 client = RawHttp2.connect("127.0.0." + (2 + seed % 2), port);
        int lost = 0;
        for (int i = 0; i < MALFORMED / CONNECTIONS; i++) {
            Map<String, String> end = next(calls, client);
            String fate = end.containsKey("grpc-status") ? "status " + end.get("grpc-status") : "no answer";
            fates.merge(end.containsKey("rst") ? "reset" : fate, 1, Integer::sum);
            if (end.containsKey("closed")) {
                lost++;
                client.close();
                client = RawHttp2.connect("127.0.0." + (2 + seed % 2), port);
            } else if (i % 500 == 0) {
                client.openWindow(0, 1 << 20);
            }
        }
        client.close();
        return lost;
    }

    private static Map<String, String> next(MalformedCalls calls, RawHttp2 client) {
        try {
            return calls.next(client);
        } catch (IOException e) {
            return Map.of("closed", "");
        }
    }
}
