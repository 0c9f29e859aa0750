package io.nuner.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtSession.SessionOptions;
import io.nuner.engine.ModelGraph;
import io.nuner.model.format.onnx.GraphProto;
import io.nuner.model.format.onnx.ModelProto;
import io.nuner.model.format.onnx.NodeProto;
import io.nuner.model.format.onnx.TensorProto;
import io.nuner.model.format.onnx.TensorProto.DataType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The graph that ONNX Runtime runs in place of an exported one. */
record OptimizedGraph(GraphProto graph, ByteProducts products) {
    static OptimizedGraph of(ModelGraph graph, ByteProducts products, Path directory) throws Exception {
        Path written = directory.resolve("optimized.onnx");
        Files.deleteIfExists(written);
        try (SessionOptions options = Sessions.options(new Sessions.Processor(1, products))) {
            options.setOptimizedModelFilePath(written.toString());
            LoadedGraph.of(OnnxLibrary.environment(), graph, options).close();
        }
        return new OptimizedGraph(
                ModelProto.parseFrom(Files.readAllBytes(written)).getGraph(), products);
    }

    /** Fails unless so many products of bytes became one operator each, and none was left over. */
    void assertProductsOfBytes(int count) {
        List<NodeProto> fused = graph.getNodeList().stream()
                .filter(node -> node.getOpType().equals("MatMulIntegerToFloat"))
                .toList();
        Map<String, Integer> types = graph.getInitializerList().stream()
                .collect(Collectors.toMap(TensorProto::getName, TensorProto::getDataType));
        DataType weights = products.isTold() ? DataType.UINT8 : DataType.INT8;

        assertThat(fused).hasSize(count);
        assertThat(fused).allSatisfy(node -> assertThat(types).containsEntry(node.getInput(1), weights.getNumber()));
        assertThat(operators()).doesNotContain("DequantizeLinear", "MatMulInteger");
    }

    /** Products of floats with constant weights. */
    long floatProducts() {
        return operators().stream()
                .filter(operator -> operator.endsWith("Gemm"))
                .count();
    }

    private List<String> operators() {
        return graph.getNodeList().stream().map(NodeProto::getOpType).toList();
    }
}
