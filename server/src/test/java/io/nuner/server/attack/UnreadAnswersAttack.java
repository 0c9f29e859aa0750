package io.nuner.server.attack;

import io.nuner.v1.ExtractOptions;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.LongTextPolicy;
import io.nuner.v1.MergePolicy;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Callers from 127.0.0.2 on that ask for large answers and read none of them, coming back whenever they are cut, while a
 * probe from 127.0.0.1 makes calls of its own. Prints the probe's latencies and lost calls before, during and after.
 *
 * <p>Large texts keep the engine busy, too, which delays the probe whatever becomes of the answers. So each attack is made
 * twice: by callers that read, and by callers that do not.
 */
public final class UnreadAnswersAttack {
    private static final String EXTRACT = "nuner.v1.NerService/Extract";
    private static final int FIRST_ADDRESS = 2;
    private static final int PERIOD_MILLIS = 500;

    private final int port;
    private final Duration phase;
    private final PrintStream out;

    /**
     * An attack on a server of this machine.
     *
     * @param phase how long each phase takes
     */
    UnreadAnswersAttack(int port, Duration phase, PrintStream out) {
        this.port = port;
        this.phase = phase;
        this.out = out;
    }

    /** Attacks the server on the given port; phases take 30 s unless a second argument says so. */
    public static void main(String[] args) throws Exception {
        Duration phase = Duration.ofSeconds(args.length > 1 ? Long.parseLong(args[1]) : 30);
        new UnreadAnswersAttack(Integer.parseInt(args[0]), phase, System.out).run();
    }

    /** Runs all phases; the result holds what the probe saw in each. */
    List<SteadyCaller.Result> run() throws Exception {
        List<SteadyCaller.Result> results = new ArrayList<>();
        try (SteadyCaller probe = new SteadyCaller(port)) {
            probe.run(Duration.ofSeconds(5)); // warms up
            results.add(report("quiet", probe.run(phase)));
            for (Attack attack : List.of(
                    new Attack("1 peer, 2/s, answers beyond the bound", 1, 0, overTheBound()),
                    new Attack("1 peer, 2/s of the largest answer", 1, 0, largest()),
                    new Attack("1 peer, 100 at once and 2/s of the largest answer", 1, 100, largest()),
                    new Attack("8 peers, 2/s each of the largest answer", 8, 0, largest()))) {
                results.add(run(attack, true, probe));
                results.add(run(attack, false, probe));
                results.add(report("quiet", probe.run(phase)));
            }
        }
        return results;
    }

    private SteadyCaller.Result run(Attack attack, boolean reading, SteadyCaller probe) throws Exception {
        List<Hog> hogs = new ArrayList<>();
        ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
        try {
            for (int peer = 0; peer < attack.peers; peer++) {
                Hog hog = new Hog(FIRST_ADDRESS + peer, attack.request, reading);
                hogs.add(hog);
                hog.ask(attack.burst);
                var unused = timer.scheduleAtFixedRate(
                        () -> hog.ask(1), peer * PERIOD_MILLIS / attack.peers, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
            }
            SteadyCaller.Result result = probe.run(phase);
            int cuts = hogs.stream().mapToInt(hog -> hog.cuts.get()).sum();
            return report(attack.name + (reading ? ", read" : ", unread (closed " + cuts + " times)"), result);
        } finally {
            timer.shutdownNow();
            timer.awaitTermination(10, TimeUnit.SECONDS);
            hogs.forEach(Hog::close);
        }
    }

    /**
     * Who asks for what.
     *
     * @param burst calls at once, before two a second
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    private record Attack(String name, int peers, int burst, byte[] request) {}

    private SteadyCaller.Result report(String name, SteadyCaller.Result result) {
        out.printf("%-72s %s%n", name, result);
        return result;
    }

    /** An answer of 38,400 entities. The request fits the first window. */
    private static byte[] overTheBound() {
        return request(100, ("x".repeat(80) + " ").repeat(384));
    }

    /** The largest answer that the default bounds permit: nearly 10,000 entities, 2.6 MB. */
    private static byte[] largest() {
        return request(26, "w ".repeat(384));
    }

    private static byte[] request(int labels, String text) {
        return ExtractRequest.newBuilder()
                .setText(text)
                .addAllLabels(IntStream.range(0, labels)
                        .mapToObj(label -> "l" + label + " ".repeat(250))
                        .toList())
                .setOptions(ExtractOptions.newBuilder()
                        .setThreshold(0)
                        .setMultiLabel(true)
                        .setFlatNer(false)
                        .setMergePolicy(MergePolicy.MERGE_POLICY_NONE)
                        .setLongText(LongTextPolicy.LONG_TEXT_POLICY_TRUNCATE))
                .build()
                .toByteArray();
    }

    /** One address that asks, and reads or not. One thread at a time asks. */
    private final class Hog {
        private final InetAddress address;
        private final byte[] request;
        private final boolean reading;
        private RawHttp2 connection;
        private final AtomicInteger cuts = new AtomicInteger();
        private volatile boolean isOver;

        Hog(int lastByte, byte[] request, boolean reading) throws IOException {
            address = InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) lastByte});
            this.request = request;
            this.reading = reading;
            connection = connect();
        }

        private RawHttp2 connect() throws IOException {
            RawHttp2 fresh = RawHttp2.silent(address, port);
            fresh.withHeader("nuner-tenant", "hog");
            fresh.preface();
            int window = reading ? Integer.MAX_VALUE : 0;
            fresh.frame(
                    RawHttp2.SETTINGS,
                    0,
                    0,
                    ByteBuffer.allocate(6).putShort((short) 4).putInt(window).array());
            if (reading) {
                fresh.openWindow(0, Integer.MAX_VALUE - (1 << 16));
                Thread reader = new Thread(() -> readAll(fresh));
                reader.setDaemon(true);
                reader.start();
            }
            return fresh;
        }

        private void readAll(RawHttp2 connection) {
            byte[] buffer = new byte[1 << 16];
            try {
                InputStream in = connection.socket().getInputStream();
                while (in.read(buffer) >= 0) {
                    // thrown away
                }
            } catch (IOException e) {
                if (!isOver) {
                    out.println("a reader was closed: " + e);
                }
            }
        }

        void ask(int times) {
            for (int i = 0; i < times; i++) {
                try {
                    connection.callWith(EXTRACT, request);
                } catch (IOException e) {
                    comeBack();
                }
            }
        }

        private void comeBack() {
            if (isOver) {
                return;
            }
            cuts.incrementAndGet();
            try {
                connection.close();
                connection = connect();
            } catch (IOException e) {
                out.println("the attacker cannot connect: " + e);
            }
        }

        void close() {
            isOver = true;
            try {
                connection.close();
            } catch (IOException e) {
                out.println("the attacker cannot close: " + e);
            }
        }
    }
}
