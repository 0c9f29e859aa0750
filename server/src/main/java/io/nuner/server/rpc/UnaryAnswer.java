package io.nuner.server.rpc;

import com.google.protobuf.Message;
import io.grpc.stub.ServerCallStreamObserver;
import io.nuner.server.answers.Delivery;
import io.nuner.server.batching.Refusal;
import io.nuner.server.batching.Rejection;
import io.nuner.server.observe.FaultLog;
import io.nuner.server.texts.Answer;

/**
 * Ends one call, with its response or with a status. Neither method throws.
 *
 * @param call what is ended
 * @param delivery counts the response until it has left
 * @param faults told why a response could not be sent
 */
record UnaryAnswer<T extends Message>(ServerCallStreamObserver<T> call, Delivery delivery, FaultLog faults)
        implements Answer<T> {
    /** Sends the response; if the caller's connection has no room for it, sends a refusal instead. */
    @Override
    public void response(T response) {
        if (!delivery.hand(response.getSerializedSize())) { // protobuf keeps the size for when it writes the message
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

    @Override
    public void refusal(Refusal refusal) {
        if (refusal.reason() == Rejection.CANCELLED) {
            return; // gRPC has closed the call; nobody listens
        }
        call.onError(RejectionStatus.exception(refusal));
    }
}
