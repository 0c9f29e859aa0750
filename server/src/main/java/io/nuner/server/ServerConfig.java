package io.nuner.server;

import io.nuner.server.rpc.CallDeadline;
import io.nuner.server.rpc.RequestLimits;
import java.time.Duration;

/**
 * Everything that can be set on a server. Immutable.
 *
 * @param host address or name to listen on; the default is this machine only, since the transport is not encrypted
 * @param port TCP port; 0 takes any free one
 * @param reflection whether clients may ask for the contract, as grpcurl does
 * @param requests what a request may hold
 * @param deadline how long a call may take
 * @param load how much work is taken on at once
 * @param batching how batches are formed
 * @param queue how long texts wait, and for what
 * @param tenancy who shares the server
 * @param drain how the server stops
 * @param transport what one connection may do
 */
public record ServerConfig(
        String host,
        int port,
        boolean reflection,
        RequestLimits requests,
        CallDeadline deadline,
        LoadConfig load,
        BatchingConfig batching,
        QueueConfig queue,
        TenancyConfig tenancy,
        DrainConfig drain,
        TransportConfig transport) {
    public static final ServerConfig DEFAULT = new ServerConfig(
            "127.0.0.1",
            8001,
            true,
            RequestLimits.DEFAULT,
            new CallDeadline(Duration.ofSeconds(10), Duration.ofSeconds(60)),
            LoadConfig.DEFAULT,
            BatchingConfig.DEFAULT,
            QueueConfig.DEFAULT,
            TenancyConfig.DEFAULT,
            DrainConfig.DEFAULT,
            TransportConfig.DEFAULT);

    public ServerConfig {
        Require.that(!host.isBlank(), "host", "an address or a name", "blank");
        Require.that(port >= 0 && port <= 65_535, "port", "from 0 to 65535", port);
    }

    /** The same with another address. */
    public ServerConfig withAddress(String newHost, int newPort) {
        return new ServerConfig(
                newHost, newPort, reflection, requests, deadline, load, batching, queue, tenancy, drain, transport);
    }

    /** The same with reflection on or off. */
    public ServerConfig withReflection(boolean on) {
        return new ServerConfig(host, port, on, requests, deadline, load, batching, queue, tenancy, drain, transport);
    }

    /** The same with other request limits. */
    public ServerConfig withRequests(RequestLimits limits) {
        return new ServerConfig(
                host, port, reflection, limits, deadline, load, batching, queue, tenancy, drain, transport);
    }

    /** The same with other deadlines. */
    public ServerConfig withDeadline(CallDeadline newDeadline) {
        return new ServerConfig(
                host, port, reflection, requests, newDeadline, load, batching, queue, tenancy, drain, transport);
    }

    /** The same with another load. */
    public ServerConfig withLoad(LoadConfig newLoad) {
        return new ServerConfig(
                host, port, reflection, requests, deadline, newLoad, batching, queue, tenancy, drain, transport);
    }

    /** The same with batches formed otherwise. */
    public ServerConfig withBatching(BatchingConfig newBatching) {
        return new ServerConfig(
                host, port, reflection, requests, deadline, load, newBatching, queue, tenancy, drain, transport);
    }

    /** The same with other ways to wait. */
    public ServerConfig withQueue(QueueConfig newQueue) {
        return new ServerConfig(
                host, port, reflection, requests, deadline, load, batching, newQueue, tenancy, drain, transport);
    }

    /** The same, shared by others. */
    public ServerConfig withTenancy(TenancyConfig newTenancy) {
        return new ServerConfig(
                host, port, reflection, requests, deadline, load, batching, queue, newTenancy, drain, transport);
    }

    /** The same with another way to stop. */
    public ServerConfig withDrain(DrainConfig newDrain) {
        return new ServerConfig(
                host, port, reflection, requests, deadline, load, batching, queue, tenancy, newDrain, transport);
    }

    /** The same with other bounds on a connection. */
    public ServerConfig withTransport(TransportConfig newTransport) {
        return new ServerConfig(
                host, port, reflection, requests, deadline, load, batching, queue, tenancy, drain, newTransport);
    }
}
