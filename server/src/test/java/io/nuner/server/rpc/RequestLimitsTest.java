package io.nuner.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.server.rpc.RequestMarshaller.Inbound;
import io.nuner.server.texts.RequestLimits;
import io.nuner.v1.ExtractRequest;
import java.io.ByteArrayInputStream;
import org.junit.jupiter.api.Test;

class RequestLimitsTest {
    private static final int MOST = 1 << 28;

    @Test
    void aMessageMayBeAsLargeAsCanBeCounted() {
        ExtractRequest request = ExtractRequest.newBuilder().setText("x").build();
        RequestMarshaller<ExtractRequest> marshaller = new RequestMarshaller<>(
                ExtractRequest.getDefaultInstance(), new RequestLimits(MOST, 1, 1, 1, 1, 1).maxMessageBytes());

        Inbound<ExtractRequest> read = marshaller.parse(new ByteArrayInputStream(request.toByteArray()));

        assertThat(read.message()).isEqualTo(request);
        assertThatThrownBy(() -> new RequestLimits(MOST + 1, 1, 1, 1, 1, 1))
                .hasMessage("requests.max-message-bytes must be at most 268435456, but was 268435457");
    }
}
