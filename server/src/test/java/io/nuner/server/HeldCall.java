package io.nuner.server;

import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;

/** A client in a process of its own that watches the health of a server until it is ended: {@code HeldCall HOST PORT}. */
final class HeldCall {
    private HeldCall() {}

    public static void main(String[] arguments) {
        ManagedChannel channel = NettyChannelBuilder.forAddress(arguments[0], Integer.parseInt(arguments[1]))
                .usePlaintext()
                .build();
        HealthGrpc.newBlockingStub(channel)
                .watch(HealthCheckRequest.getDefaultInstance())
                .forEachRemaining(status -> System.out.println(status.getStatus()));
    }
}
