package io.nuner.server.answers;

import io.grpc.Attributes;
import io.grpc.ServerTransportFilter;
import io.nuner.server.transport.AddressRange;
import io.nuner.server.transport.Connection;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Gives each connection an account and puts it into the attributes of its calls. Any thread. */
public final class Accounting extends ServerTransportFilter {
    private static final Attributes.Key<UnsentAnswers.Account> KEY = Attributes.Key.create("nuner-answers");

    private final UnsentAnswers budget;
    private final List<AddressRange> proxies;

    /**
     * Accounts of this budget; must run after the filter that sets {@link Connection#KEY}.
     *
     * @param proxies addresses of proxies, which carry the calls of many callers
     */
    public Accounting(UnsentAnswers budget, List<AddressRange> proxies) {
        this.budget = budget;
        this.proxies = List.copyOf(proxies);
    }

    /** The account of the connection by which a call came. */
    public static UnsentAnswers.@Nullable Account of(Attributes call) {
        return call.get(KEY);
    }

    @Override
    public Attributes transportReady(Attributes attributes) {
        @Nullable Connection connection = attributes.get(Connection.KEY);
        if (connection == null) {
            return attributes;
        }
        boolean isShared = proxies.stream().anyMatch(range -> range.contains(connection.peer()));
        return attributes.toBuilder()
                .set(KEY, budget.account(new Socket(connection, isShared)))
                .build();
    }

    private record Socket(Connection connection, boolean isShared) implements Line {
        @Override
        public InetAddress peer() {
            return connection.peer();
        }

        @Override
        public boolean isOpen() {
            return connection.isOpen();
        }

        @Override
        public void cut() {
            try {
                connection.cut();
            } catch (RejectedExecutionException e) {
                // its event loop has ended, and its socket with it
            }
        }
    }
}
