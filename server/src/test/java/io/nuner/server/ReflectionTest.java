package io.nuner.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.ClientCalls;
import io.nuner.server.attack.RawHttp2;
import io.nuner.server.config.ServerConfig;
import io.nuner.server.config.ServerConfig.Reflection;
import io.nuner.v1.ErrorDetails;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether clients may ask for the contract. */
class ReflectionTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, , 0",
        "0.0.0.0, , 12",
        "0.0.0.0, true, 0",
        "127.0.0.1, false, 12",
    })
    void bothVersionsAreThereOnLoopbackOrIfChosen(String host, Boolean chosen, String status) throws Exception {
        ServerConfig config = RunningServer.CONFIG.toBuilder()
                .host(host)
                .reflection(Reflection.of(chosen))
                .build();
        try (RunningServer running = RunningServer.start(config);
                RawHttp2 client = RawHttp2.connect(running.server.port())) {
            for (String version : new String[] {"v1", "v1alpha"}) {
                assertThat(listServices(client, version)).containsEntry("grpc-status", status);
            }
        }
    }

    /** So that grpcurl prints the details of a refusal instead of base64. */
    @ParameterizedTest
    @ValueSource(strings = {"v1", "v1alpha"})
    void reflectionReachesWhatRefusalsCarry(String version) throws Exception {
        try (RunningServer running = RunningServer.start()) {
            for (Descriptor type : List.of(
                    BadRequest.getDescriptor(),
                    RetryInfo.getDescriptor(),
                    ErrorInfo.getDescriptor(),
                    ErrorDetails.getDescriptor())) {
                assertThat(fileOf(running.channel, version, type.getFullName()))
                        .isEqualTo(type.getFile().getName());
            }
        }
    }

    private static String fileOf(Channel channel, String version, String symbol)
            throws InvalidProtocolBufferException {
        var method = ServerReflectionGrpc.getServerReflectionInfoMethod().toBuilder()
                .setFullMethodName("grpc.reflection." + version + ".ServerReflection/ServerReflectionInfo")
                .setType(MethodType.SERVER_STREAMING) // one question
                .build();
        ServerReflectionRequest question = ServerReflectionRequest.newBuilder()
                .setFileContainingSymbol(symbol)
                .build();
        ServerReflectionResponse answer =
                ClientCalls.blockingServerStreamingCall(channel, method, CallOptions.DEFAULT, question)
                        .next();
        return FileDescriptorProto.parseFrom(
                        answer.getFileDescriptorResponse().getFileDescriptorProto(0))
                .getName();
    }

    private static Map<String, String> listServices(RawHttp2 client, String version) throws IOException {
        String method = "grpc.reflection." + version + ".ServerReflection/ServerReflectionInfo";
        byte[] listServices = {0x3a, 0}; // field 7, empty
        return client.end(client.callWith(method, listServices));
    }
}
