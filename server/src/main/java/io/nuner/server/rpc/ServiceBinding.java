package io.nuner.server.rpc;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptors;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.stub.ServerCalls;
import io.nuner.server.rpc.RequestMarshaller.Inbound;
import io.nuner.v1.ExtractBatchRequest;
import io.nuner.v1.ExtractDocumentRequest;
import io.nuner.v1.ExtractRequest;
import io.nuner.v1.ExtractStreamRequest;
import io.nuner.v1.GetServerInfoRequest;
import io.nuner.v1.NerServiceGrpc;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Binds the service's methods, with {@link RequestMarshaller} in place of gRPC's marshaller. */
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
     * @throws IllegalStateException if a method of the service is forgotten here
     */
    public static ServerServiceDefinition bind(
            ExtractionService service, int maxMessageBytes, Identification identification) {
        ServiceBinding binding = new ServiceBinding(maxMessageBytes);
        ServerServiceDefinition methods = define(List.of(
                binding.method(
                        NerServiceGrpc.getExtractMethod(),
                        ExtractRequest.getDefaultInstance(),
                        ServerCalls.asyncUnaryCall(service::extract)),
                binding.method(
                        NerServiceGrpc.getExtractBatchMethod(),
                        ExtractBatchRequest.getDefaultInstance(),
                        ServerCalls.asyncUnaryCall(service::extractBatch)),
                binding.method(
                        NerServiceGrpc.getExtractDocumentMethod(),
                        ExtractDocumentRequest.getDefaultInstance(),
                        ServerCalls.asyncServerStreamingCall(service::extractDocument)),
                binding.method(
                        NerServiceGrpc.getExtractStreamMethod(),
                        ExtractStreamRequest.getDefaultInstance(),
                        ServerCalls.asyncBidiStreamingCall(service::extractStream)),
                binding.method(
                        NerServiceGrpc.getGetServerInfoMethod(),
                        GetServerInfoRequest.getDefaultInstance(),
                        ServerCalls.asyncUnaryCall(service::getServerInfo))));
        return ServerInterceptors.intercept(methods, identification);
    }

    private static ServerServiceDefinition define(List<ServerMethodDefinition<?, ?>> methods) {
        ServiceDescriptor generated = NerServiceGrpc.getServiceDescriptor();
        requireBound(generated, methods);
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

    /** Fails if the service has a method that is not bound: calls of it would end with UNIMPLEMENTED. */
    static void requireBound(ServiceDescriptor generated, List<ServerMethodDefinition<?, ?>> methods) {
        Set<String> bound = methods.stream()
                .map(method -> method.getMethodDescriptor().getFullMethodName())
                .collect(Collectors.toSet());
        requireAll(generated, bound, "they must be bound");
    }

    /**
     * Fails if the service has a method that the names leave out.
     *
     * @param rule what has to be done about it
     */
    static void requireAll(ServiceDescriptor service, Set<String> names, String rule) {
        List<String> forgotten = service.getMethods().stream()
                .map(MethodDescriptor::getFullMethodName)
                .filter(name -> !names.contains(name))
                .toList();
        if (!forgotten.isEmpty()) {
            throw new IllegalStateException(
                    service.getName() + " has methods that are forgotten: " + forgotten + "; " + rule);
        }
    }

    private <Q extends Message, A extends Message> ServerMethodDefinition<Inbound<Q>, A> method(
            MethodDescriptor<Q, A> generated, Q emptyRequest, ServerCallHandler<Inbound<Q>, A> handler) {
        MethodDescriptor<Inbound<Q>, A> method = generated.toBuilder(
                        new RequestMarshaller<>(emptyRequest, maxMessageBytes), generated.getResponseMarshaller())
                .build();
        return ServerMethodDefinition.create(method, handler);
    }
}
