package io.nuner.server.rpc;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.stub.ServerCalls;
import io.nuner.v1.ExtractBatchRequest;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.GetServerInfoRequest;
import io.nuner.v1.NerServiceGrpc;

/** Binds the service with {@link RequestMarshaller} in the place of gRPC's own. */
public final class ServiceBinding {
    private final int maxMessageBytes;

    private ServiceBinding(int maxMessageBytes) {
        this.maxMessageBytes = maxMessageBytes;
    }

    /**
     * The definition to give to a server.
     *
     * @param maxMessageBytes bytes of one message, after decompression
     * @param identification says whose each call is
     */
    public static ServerServiceDefinition bind(
            ExtractionService service, int maxMessageBytes, Identification identification) {
        ServiceBinding binding = new ServiceBinding(maxMessageBytes);
        ServerServiceDefinition methods = binding.define(
                binding.method(
                        NerServiceGrpc.getExtractMethod(), ExtractRequest.getDefaultInstance(), service::extract),
                binding.method(
                        NerServiceGrpc.getExtractBatchMethod(),
                        ExtractBatchRequest.getDefaultInstance(),
                        service::extractBatch),
                binding.method(
                        NerServiceGrpc.getGetServerInfoMethod(),
                        GetServerInfoRequest.getDefaultInstance(),
                        service::getServerInfo));
        return ServerInterceptors.intercept(methods, identification);
    }

    private ServerServiceDefinition define(ServerMethodDefinition<?, ?>... methods) {
        ServiceDescriptor generated = NerServiceGrpc.getServiceDescriptor();
        ServiceDescriptor.Builder descriptor =
                ServiceDescriptor.newBuilder(generated.getName()).setSchemaDescriptor(generated.getSchemaDescriptor());
        for (ServerMethodDefinition<?, ?> method : methods) {
            descriptor.addMethod(method.getMethodDescriptor());
        }
        ServerServiceDefinition.Builder service = ServerServiceDefinition.builder(descriptor.build());
        for (ServerMethodDefinition<?, ?> method : methods) {
            service.addMethod(method);
        }
        return service.build();
    }

    private <Q extends Message, A extends Message> ServerMethodDefinition<Inbound<Q>, A> method(
            MethodDescriptor<Q, A> generated, Q emptyRequest, ServerCalls.UnaryMethod<Inbound<Q>, A> handler) {
        MethodDescriptor<Inbound<Q>, A> method = generated.toBuilder(
                        new RequestMarshaller<>(emptyRequest, maxMessageBytes), generated.getResponseMarshaller())
                .build();
        return ServerMethodDefinition.create(method, ServerCalls.asyncUnaryCall(handler));
    }
}
