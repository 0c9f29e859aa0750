package io.nuner.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.EquivalentAddressGroup;
import io.grpc.ManagedChannel;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import io.grpc.StatusOr;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.nuner.server.transport.TransportConfig;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.NerServiceGrpc;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A replica that joins gets its share as soon as connections have come of age, and no call fails for that. */
class RebalanceTest {
    /** The shortest that gRPC takes; it adds or takes away a tenth. */
    private static final Duration AGE = Duration.ofSeconds(1);

    private static final Duration MEASURED = Duration.ofMillis(300);
    private static final ExtractRequest REQUEST = RunningServer.request("Ada went to Paris", "city");

    @Test
    @Tag("long")
    void aNewReplicaGetsItsShareWithinOneConnectionAge() throws Exception {
        List<RunningServer> replicas = new ArrayList<>(List.of(replica(), replica()));
        Directory directory = new Directory();
        replicas.forEach(directory::add);
        NameResolverRegistry.getDefaultRegistry().register(directory);
        ManagedChannel channel = NettyChannelBuilder.forTarget("replicas:///all")
                .defaultLoadBalancingPolicy("round_robin")
                .usePlaintext()
                .build();
        try {
            int calls = callsFor(channel, MEASURED);
            replicas.add(replica());
            directory.add(replicas.get(2));
            calls += callsFor(channel, AGE.plus(AGE.dividedBy(10)));
            int before = replicas.get(2).engine.rows();
            int after = callsFor(channel, MEASURED);

            double share = (double) (replicas.get(2).engine.rows() - before) / after;
            System.out.printf(
                    "row 31: share of the third replica one age (%d ms) after it joined: %.3f; %d calls, 0 failed%n",
                    AGE.toMillis(), share, calls + after);
            assertThat(share).isGreaterThan(0.25);
        } finally {
            channel.shutdownNow();
            NameResolverRegistry.getDefaultRegistry().deregister(directory);
            replicas.forEach(RunningServer::close);
        }
    }

    private static RunningServer replica() throws Exception {
        TransportConfig normal = TransportConfig.DEFAULT;
        TransportConfig.Times times = normal.times();
        return RunningServer.start(RunningServer.CONFIG.toBuilder()
                .transport(normal.withTimes(new TransportConfig.Times(
                        times.handshake(), times.keepaliveMin(), times.silence(), times.maxIdle(), AGE)))
                .build());
    }

    /** Every call must succeed. */
    private static int callsFor(ManagedChannel channel, Duration time) {
        long endNanos = System.nanoTime() + time.toNanos();
        int calls = 0;
        while (System.nanoTime() - endNanos < 0) {
            NerServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .extract(REQUEST);
            calls++;
        }
        return calls;
    }

    /** Where the replicas are, as DNS would say it: only to who asks again. Any thread. */
    private static final class Directory extends NameResolverProvider {
        private final List<EquivalentAddressGroup> addresses = new CopyOnWriteArrayList<>();

        void add(RunningServer replica) {
            addresses.add(new EquivalentAddressGroup(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), replica.server.port())));
        }

        @Override
        public String getDefaultScheme() {
            return "replicas";
        }

        @Override
        protected boolean isAvailable() {
            return true;
        }

        @Override
        protected int priority() {
            return 0;
        }

        @Override
        public NameResolver newNameResolver(URI target, NameResolver.Args arguments) {
            return new Lookup(addresses);
        }
    }

    private static final class Lookup extends NameResolver {
        private final List<EquivalentAddressGroup> addresses;
        private @Nullable Listener2 listener;

        Lookup(List<EquivalentAddressGroup> addresses) {
            this.addresses = addresses;
        }

        @Override
        public String getServiceAuthority() {
            return "replicas";
        }

        @Override
        public void start(Listener2 newListener) {
            listener = newListener;
            refresh();
        }

        @Override
        public void refresh() {
            if (listener != null) {
                listener.onResult2(ResolutionResult.newBuilder()
                        .setAddressesOrError(StatusOr.fromValue(List.copyOf(addresses)))
                        .build());
            }
        }

        @Override
        public void shutdown() {}
    }
}
