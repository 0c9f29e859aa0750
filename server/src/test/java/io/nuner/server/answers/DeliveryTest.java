package io.nuner.server.answers;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.nuner.server.batching.Rejection;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An answer counts once it has left, and only then. */
class DeliveryTest {
    private final UnsentAnswers unsent = new UnsentAnswers(AnswerLimits.DEFAULT, () -> 42, Thread::new);
    private final FakeLine line = new FakeLine(1);
    private final List<Throwable> defects = new ArrayList<>();
    private final Delivery delivery = new Delivery(unsent, defects::add);
    private final List<String> told = new ArrayList<>();

    DeliveryTest() {
        delivery.comesBy(unsent.account(line));
    }

    @AfterEach
    void close() {
        unsent.close();
    }

    @Test
    void isDeliveredOnceItsStreamIsClosed() {
        delivery.expect(new Told());
        assertThat(delivery.hand(100)).isTrue();
        delivery.handed();
        assertThat(told).isEmpty();

        delivery.closed(Status.OK);
        delivery.closed(Status.UNAVAILABLE);

        assertThat(told).containsExactly("delivered");
    }

    @Test
    void whatATextThrowsKeepsNoOtherFromBeingTold() {
        delivery.expect(new Broken());
        delivery.expect(new Told());

        delivery.closed(Status.OK);

        assertThat(told).containsExactly("delivered");
        assertThat(defects).singleElement().isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "CANCELLED, CANCELLED",
        "DEADLINE_EXCEEDED, EXPIRED",
        "UNAVAILABLE, UNDELIVERED",
        "INTERNAL, UNDELIVERED"
    })
    void isLostIfItsStreamEndsOtherwise(Status.Code code, String reason) {
        delivery.expect(new Told());
        assertThat(delivery.hand(100)).isTrue();
        delivery.handed();

        delivery.closed(code.toStatus());

        assertThat(told).containsExactly(reason);
    }

    @Test
    void isLostIfItsConnectionIsGoneAlthoughGrpcThinksThatItLeft() {
        delivery.expect(new Told());
        assertThat(delivery.hand(100)).isTrue();
        delivery.handed();
        line.cut();

        delivery.closed(Status.OK);

        assertThat(told).containsExactly("UNDELIVERED");
    }

    @Test
    void isADefectIfGrpcCannotTakeIt() {
        delivery.expect(new Told());
        assertThat(delivery.hand(100)).isTrue();
        delivery.closed(Status.CANCELLED); // how gRPC ends such a call, on another thread
        assertThat(told).as("nobody knows why yet").isEmpty();

        delivery.failed();

        assertThat(told).containsExactly("DEFECT");
        assertThat(unsent.bytes()).isZero();
    }

    @Test
    void isUnreadIfThereIsNoRoom() {
        delivery.expect(new Told());
        delivery.expect(new Told());
        assertThat(delivery.hand(1 << 30)).isFalse();

        delivery.closed(Status.RESOURCE_EXHAUSTED);

        assertThat(told).containsExactly("UNREAD_ANSWERS", "UNREAD_ANSWERS");
    }

    @Test
    void whoComesAfterTheEndIsToldAtOnce() {
        delivery.closed(Status.CANCELLED);

        delivery.expect(new Told());
        assertThat(delivery.hand(100)).isTrue();
        delivery.handed();

        assertThat(told).containsExactly("CANCELLED");
        assertThat(unsent.bytes()).isZero();
    }

    private final class Told implements Delivery.Text {
        @Override
        public void delivered() {
            told.add("delivered");
        }

        @Override
        public void lost(Rejection reason) {
            told.add(reason.name());
        }
    }

    private static final class Broken implements Delivery.Text {
        @Override
        public void delivered() {
            throw new IllegalStateException("broken observer");
        }

        @Override
        public void lost(Rejection reason) {
            throw new IllegalStateException("broken observer");
        }
    }
}
