package io.nuner.server;

import io.nuner.v1.Entity;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.GetServerInfoRequest;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server as {@link FaultLoad} sees it; a double may be broken on purpose. Any thread. */
interface FaultSubject {
    /** Asks for entities; throws what the call ends with. */
    List<Entity> extract(ExtractRequest request, long deadlineMillis);

    /** Returns after everything that was sent before has arrived at the server. */
    void roundTrip();

    int requestsInFlight();

    long tokensInFlight();

    /** The server as it is. */
    static FaultSubject of(RunningServer running) {
        return new FaultSubject() {
            @Override
            public List<Entity> extract(ExtractRequest request, long deadlineMillis) {
                return running.stub()
                        .withDeadlineAfter(deadlineMillis, TimeUnit.MILLISECONDS)
                        .extract(request)
                        .getEntitiesList();
            }

            @Override
            public void roundTrip() {
                var info = running.stub().getServerInfo(GetServerInfoRequest.getDefaultInstance());
                if (!info.hasEngine()) {
                    throw new AssertionError("no engine in the server's description");
                }
            }

            @Override
            public int requestsInFlight() {
                return running.server.requestsInFlight();
            }

            @Override
            public long tokensInFlight() {
                return running.server.tokensInFlight();
            }
        };
    }
}
