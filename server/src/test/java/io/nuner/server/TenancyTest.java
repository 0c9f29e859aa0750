package io.nuner.server;

import static io.nuner.server.RunningServer.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import io.nuner.server.config.TenancyConfig;
import io.nuner.server.rpc.KeyDigest;
import io.nuner.v1.ExtractBatchRequest;
import io.nuner.v1.NerServiceGrpc.NerServiceBlockingStub;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose a call is: by name, by key, by both. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TenancyTest {
    private static final Metadata.Key<String> TENANT =
            Metadata.Key.of("nuner-tenant", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> KEY = Metadata.Key.of("nuner-key", Metadata.ASCII_STRING_MARSHALLER);
    private static final TenancyConfig TENANCY = new TenancyConfig(
            Map.of("open", 2, "locked", 3, "other-locked", 1),
            Map.of("locked", KeyDigest.of("sesame"), "other-locked", KeyDigest.of("barley")),
            OptionalInt.of(10));

    private RunningServer running;

    @BeforeAll
    void start() throws Exception {
        running = RunningServer.start(
                RunningServer.CONFIG.toBuilder().tenancy(TENANCY).build());
    }

    @AfterAll
    void stop() {
        running.close();
    }

    @ParameterizedTest
    @CsvSource({"'',''", "open,''", "made-up_1.x,''", "locked,sesame", "'',sesame", "other,''", "default,''"})
    void whoMayCall(String tenant, String key) {
        assertThatCode(() -> as(tenant, key).extract(request("Paris", "city"))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "locked,''",
        "locked,wrong",
        "'',wrong",
        "open,wrong",
        "open,sesame",
        "other-locked,sesame",
        "made-up,sesame",
        "'','7d0a8468ed220400c0b8e6f335baa7e070ce880a37e2ac5995b9a97b809026de'"
    })
    void whoMayNot(String tenant, String key) {
        StatusRuntimeException refusal = refusal(as(tenant, key));

        assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(refusal.getStatus().getDescription())
                .isEqualTo("metadata nuner-key is missing, or is not the key of the tenant");
    }

    @Test
    void aBatchNeedsTheKeyToo() {
        ExtractBatchRequest batch = ExtractBatchRequest.newBuilder()
                .addRequests(request("Paris", "city"))
                .build();

        assertThat(as("locked", "sesame").extractBatch(batch).getItems(0).hasResponse())
                .isTrue();
        StatusRuntimeException refusal = catchThrowableOfType(
                StatusRuntimeException.class, () -> as("locked", "").extractBatch(batch));
        assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "two words",
                "semi;colon",
                "slash/",
                "a2345678901234567890123456789012345678901234567890123456789012345"
            })
    void aNameThatIsNoneIsRefusedWithoutBeingQuoted(String name) throws Exception {
        StatusRuntimeException refusal = refusal(as(name, ""));

        assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refusal.getStatus().getDescription())
                .isEqualTo("metadata nuner-tenant must be given once, as 1 to 64 characters of A-Z, a-z, 0-9, . _ -"
                        + (name.length() > 64 ? ", but has 65" : ""));
        assertThat(String.valueOf(refusal.getTrailers())).doesNotContain(name);
        assertThat(violation(refusal).getField()).isEqualTo("metadata nuner-tenant");
    }

    @Test
    void twoNamesAreOneTooMany() {
        Metadata twice = new Metadata();
        twice.put(TENANT, "open");
        twice.put(TENANT, "made-up");

        StatusRuntimeException refusal =
                refusal(running.stub().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(twice)));

        assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void theTenantOfCallersWithoutNameOrKeyMayBeLockedToo() throws Exception {
        TenancyConfig locked = new TenancyConfig(
                Map.of("default", 1, "other", 1),
                Map.of("default", KeyDigest.of("one"), "other", KeyDigest.of("two")),
                OptionalInt.of(0));
        try (RunningServer closed = RunningServer.start(
                RunningServer.CONFIG.toBuilder().tenancy(locked).build())) {
            assertThat(refusal(closed.stub()).getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
            assertThat(refusal(with(closed, "made-up", "")).getStatus().getCode())
                    .isEqualTo(Status.Code.UNAUTHENTICATED);
            assertThatCode(() -> with(closed, "", "one").extract(request("Paris", "city")))
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void keysAndTenantsChangeWhileItServes() throws Exception {
        TenancyConfig before = new TenancyConfig(
                Map.of("moved", 3, "gone", 2), Map.of("moved", KeyDigest.of("old")), OptionalInt.empty());
        TenancyConfig after = new TenancyConfig(
                Map.of("moved", 5, "came", 2),
                Map.of("moved", KeyDigest.of("new"), "came", KeyDigest.of("here")),
                OptionalInt.empty());
        try (RunningServer server = RunningServer.start(
                RunningServer.CONFIG.toBuilder().tenancy(before).build())) {
            assertThat(isServed(server, "moved", "old")).isTrue();

            server.server.share(after);

            assertThat(isServed(server, "moved", "old")).as("the old key").isFalse();
            assertThat(isServed(server, "moved", "new")).as("the new key").isTrue();
            assertThat(isServed(server, "came", ""))
                    .as("a new tenant without its key")
                    .isFalse();
            assertThat(isServed(server, "came", "here")).isTrue();
            assertThat(isServed(server, "gone", "")).as("a name like any other").isTrue();

            server.server.share(new TenancyConfig(Map.of("gone", 2), Map.of(), OptionalInt.empty()));
            assertThat(isServed(server, "moved", "new"))
                    .as("the key of a tenant that is removed")
                    .isFalse();
            assertThat(isServed(server, "moved", "")).isTrue();
        }
    }

    private static boolean isServed(RunningServer server, String tenant, String key) {
        try {
            return with(server, tenant, key).extract(request("Paris", "city")).hasUsage();
        } catch (StatusRuntimeException e) {
            assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
            return false;
        }
    }

    private NerServiceBlockingStub as(String tenant, String key) {
        return with(running, tenant, key);
    }

    private static NerServiceBlockingStub with(RunningServer server, String tenant, String key) {
        Metadata metadata = new Metadata();
        if (!tenant.isEmpty()) {
            metadata.put(TENANT, tenant);
        }
        if (!key.isEmpty()) {
            metadata.put(KEY, key);
        }
        return server.stub().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
    }

    private static StatusRuntimeException refusal(NerServiceBlockingStub stub) {
        return catchThrowableOfType(StatusRuntimeException.class, () -> stub.extract(request("Paris", "city")));
    }

    private static BadRequest.FieldViolation violation(StatusRuntimeException refusal) throws Exception {
        com.google.rpc.Status status = Objects.requireNonNull(StatusProto.fromThrowable(refusal));
        Any detail = status.getDetails(0);
        return detail.unpack(BadRequest.class).getFieldViolations(0);
    }
}
