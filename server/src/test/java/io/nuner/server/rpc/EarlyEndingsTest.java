package io.nuner.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.nuner.server.attack.EndDetails;
import io.nuner.server.transport.EarlyRefusal;
import io.nuner.server.transport.StreamLine.Ending;
import io.nuner.server.transport.TransportObserver.Early;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever the transport refuses, it says why as the service does. */
class EarlyEndingsTest {
    private final EarlyEndings endings = new EarlyEndings(new HeaderCheck(8192));

    @ParameterizedTest
    @CsvSource({
        "UNREAD_OF_CONNECTION, 8, OVERLOADED, true",
        "UNREAD_OF_ALL, 8, OVERLOADED, true",
        "MESSAGE_TIME, 4, STREAM_IDLE, false",
        "MESSAGE_SIZE, 3, MESSAGE_TOO_LARGE, false",
        "STOPPING, 14, SHUTTING_DOWN, false",
        "METADATA, 3, MESSAGE_TOO_LARGE, false",
        "HEADERS, 3, INVALID, false",
    })
    void everyReasonOfTheTransportIsOneOfTheContract(Early early, int status, String reason, boolean retry)
            throws Exception {
        Ending ending = endings.apply(new EarlyRefusal(early, "a sentence", 9000, 10));

        EndDetails details = EndDetails.of(Map.of("grpc-status-details-bin", ending.details()));
        assertThat(ending.grpcStatus()).isEqualTo(status);
        assertThat(details.status().getCode()).isEqualTo(status);
        assertThat(details.info().getReason()).isEqualTo(reason);
        assertThat(details.info().getDomain()).isEqualTo("nuner.v1");
        assertThat(details.hasRetryInfo()).isEqualTo(retry);
        String told = early == Early.METADATA
                ? "the metadata must have at most 8192 bytes, but has 9000" // the service's limit is the lower one
                : "a sentence";
        assertThat(ending.message()).isEqualTo(told);
    }
}
