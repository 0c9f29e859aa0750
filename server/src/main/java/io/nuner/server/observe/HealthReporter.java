package io.nuner.server.observe;

import io.grpc.BindableService;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Answers {@code grpc.health.v1} for the whole server and for its service; NOT_SERVING until told otherwise. Any thread. */
public final class HealthReporter {
    private final HealthStatusManager statuses = new HealthStatusManager();
    private final List<String> services;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile boolean serving;
    private volatile boolean alive = true;

    /** Reports for the server as a whole and for the named service. */
    public HealthReporter(String service) {
        services = List.of(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, service);
        report(ServingStatus.NOT_SERVING);
    }

    /** The health service. */
    public BindableService service() {
        return statuses.getHealthService();
    }

    /** Calls are welcome. Has no effect after {@link #notServingAnyMore}. */
    public void serving() {
        serving = true;
        report(ServingStatus.SERVING);
    }

    /** Calls are not welcome for now. Has no effect after {@link #notServingAnyMore}. */
    public void notServing() {
        serving = false;
        report(ServingStatus.NOT_SERVING);
    }

    /** Calls are not welcome, and will not be again. Idempotent. */
    public void notServingAnyMore() {
        if (ended.compareAndSet(false, true)) {
            statuses.enterTerminalState();
        }
    }

    /** Calls are not welcome until the process is replaced. Idempotent. */
    public void lost() {
        alive = false;
        notServingAnyMore();
    }

    /** Whether calls are welcome. */
    public boolean isServing() {
        return serving && !ended.get();
    }

    /** False once only another process can help. */
    public boolean isAlive() {
        return alive;
    }

    private void report(ServingStatus status) {
        services.forEach(service -> statuses.setStatus(service, status));
    }
}
