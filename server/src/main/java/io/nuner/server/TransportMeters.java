package io.nuner.server;

import io.nuner.server.observe.Counts;
import io.nuner.server.observe.ServerMetrics;
import io.nuner.server.transport.TransportObserver;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts connections and calls that the transport turns away; logs now and then that connections are too many. Any thread. */
final class TransportMeters implements TransportObserver {
    private static final Logger LOG = LoggerFactory.getLogger(TransportMeters.class);
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Counts<Cut> cuts;
    private final Counts<Early> refusals;
    private final LongSupplier nanoClock;
    private final AtomicLong silentUntilNanos;
    private final AtomicLong notTold = new AtomicLong();

    TransportMeters(ServerMetrics metrics, LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        silentUntilNanos = new AtomicLong(nanoClock.getAsLong());
        cuts = metrics.counts("nuner.connections.cut", "Connections closed by the server", "reason", Cut.class);
        refusals = metrics.counts("nuner.calls.refused", "Calls refused before they were read", "reason", Early.class);
    }

    @Override
    public void cut(Cut reason) {
        cuts.add(reason, 1);
        if (reason == Cut.TOO_MANY || reason == Cut.TOO_MANY_OF_PEER) {
            tell(reason);
        }
    }

    private void tell(Cut reason) {
        long count = notTold.incrementAndGet();
        long now = nanoClock.getAsLong();
        long until = silentUntilNanos.get();
        if (now - until >= 0 && silentUntilNanos.compareAndSet(until, now + PAUSE_NANOS)) {
            notTold.addAndGet(-count);
            String whose = reason == Cut.TOO_MANY ? "in all" : "of one peer";
            LOG.warn("too many connections {}: {} were closed at once since the last such line", whose, count);
        }
    }

    @Override
    public void refused(Early reason) {
        refusals.add(reason, 1);
    }
}
