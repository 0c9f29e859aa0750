"""A protoc plugin that generates Python's side of a gRPC service with the compiler in grpc_tools."""

import pathlib
import sys
import tempfile

from google.protobuf import descriptor_pb2
from google.protobuf.compiler import plugin_pb2
from grpc_tools import protoc

request = plugin_pb2.CodeGeneratorRequest.FromString(sys.stdin.buffer.read())
response = plugin_pb2.CodeGeneratorResponse(
    supported_features=plugin_pb2.CodeGeneratorResponse.FEATURE_PROTO3_OPTIONAL
)
with tempfile.TemporaryDirectory() as directory:
    contract = pathlib.Path(directory, "contract.binpb")
    contract.write_bytes(descriptor_pb2.FileDescriptorSet(file=request.proto_file).SerializeToString())
    out = pathlib.Path(directory, "out")
    out.mkdir()
    status = protoc.main(
        ["protoc", f"--descriptor_set_in={contract}", f"--grpc_python_out={out}", *request.file_to_generate]
    )
    if status:
        sys.exit(status)
    for path in sorted(out.rglob("*.py")):
        response.file.add(name=str(path.relative_to(out)), content=path.read_text())
sys.stdout.buffer.write(response.SerializeToString())
