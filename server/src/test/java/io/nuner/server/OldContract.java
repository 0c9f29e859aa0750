package io.nuner.server;

import com.google.protobuf.AnyProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.rpc.StatusProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The wire contract that clients already hold, without the code generated from it. Immutable.
 *
 * @param file its descriptor
 */
record OldContract(FileDescriptor file) {
    private static final Path BASELINE = Path.of("..", "proto", "baseline", "nuner-v1.binpb");

    static OldContract read() throws IOException, DescriptorValidationException {
        FileDescriptorSet baseline = FileDescriptorSet.parseFrom(Files.readAllBytes(BASELINE));
        FileDescriptorProto ours = baseline.getFileList().stream()
                .filter(each -> each.getPackage().equals("nuner.v1"))
                .findFirst()
                .orElseThrow();
        FileDescriptor[] imports = {StatusProto.getDescriptor(), AnyProto.getDescriptor()};
        return new OldContract(FileDescriptor.buildFrom(ours, imports));
    }

    Descriptor message(String name) {
        return file.findMessageTypeByName(name);
    }
}
