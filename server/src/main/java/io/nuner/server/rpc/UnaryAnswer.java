package io.nuner.server.rpc;

import com.google.protobuf.Message;
import io.grpc.stub.ServerCallStreamObserver;
import io.nuner.server.answers.Delivery;
import io.nuner.server.batching.Refusal;
import io.nuner.server.batching.Rejection;
import io.nuner.server.observe.FaultLog;

/**
 * Ends one call, with its response or with a status. Exactly one method is called, once, on any thread; none throws.
 *
 * @param call what is ended
 * @param delivery takes the response out
 * @param faults hears why a response could not be sent
 */
record UnaryAnswer<T extends Message>(ServerCallStreamObserver<T> call, Delivery delivery, FaultLog faults) {
    /** Sends the response; a caller whose connection has no room for it gets a refusal instead. */
    void response(T response) {
        if (!delivery.hand(response.getSerializedSize())) { // which is kept for when it is written
            refusal(Refusal.of(Rejection.UNREAD_ANSWERS));
            return;
        }
        try {
            call.onNext(response);
            call.onCompleted();
        } catch (RuntimeException | Error e) { // gRPC has ended the call
            failed(e);
            return;
        }
        delivery.handed();
    }

    private void failed(Throwable fault) {
        if (call.isCancelled()) {
            delivery.handed();
            return;
        }
        faults.report("an answer could not be sent", fault);
        delivery.failed();
    }

    void refusal(Refusal refusal) {
        if (refusal.reason() == Rejection.CANCELLED) {
            return; // gRPC has closed the call; nobody listens
        }
        call.onError(RejectionStatus.exception(refusal));
    }
}
