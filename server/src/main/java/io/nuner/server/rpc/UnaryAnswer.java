package io.nuner.server.rpc;

import com.google.protobuf.Message;
import io.grpc.stub.ServerCallStreamObserver;
import io.nuner.server.batching.Rejection;

/** Ends one call, with its response or with a status. Exactly one method is called, once, on any thread. */
record UnaryAnswer<T extends Message>(ServerCallStreamObserver<T> call) {
    void response(T response) {
        call.onNext(response);
        call.onCompleted();
    }

    void refusal(Refusal refusal) {
        if (refusal.reason() == Rejection.CANCELLED) {
            return; // gRPC has closed the call; nobody listens
        }
        call.onError(RejectionStatus.exception(refusal));
    }
}
