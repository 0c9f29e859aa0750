package io.nuner.model;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.nuner.model.export.CheckpointExporter;
import io.nuner.model.export.ProgressListener;
import io.nuner.model.export.QuantizedExport;
import io.nuner.model.format.onnx.AttributeProto;
import io.nuner.model.format.onnx.ModelProto;
import io.nuner.model.format.onnx.NodeProto;
import io.nuner.model.format.onnx.StringStringEntryProto;
import io.nuner.model.format.onnx.TensorProto;
import io.nuner.model.format.onnx.TensorProto.DataType;
import io.nuner.model.testing.GivenMagnitudes;
import io.nuner.model.testing.RandomCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GraphCheckTest {
    @TempDir
    private Path directory;

    private Path model = Path.of("unset");
    private WeightType type = WeightType.FLOAT32;

    @BeforeEach
    void exportFloat32() throws ModelException, IOException {
        RandomCheckpoint.write(RandomCheckpoint.Shape.TINY, 3, directory.resolve("checkpoint"));
        model = directory.resolve("model");
        export(WeightType.FLOAT32);
    }

    private void export(WeightType weights) throws ModelException, IOException {
        type = weights;
        model = directory.resolve(weights.toString());
        Path checkpoint = directory.resolve("checkpoint");
        switch (weights) {
            case FLOAT32 -> CheckpointExporter.export(checkpoint, model, ProgressListener.none());
            case INT8 -> QuantizedExport.export(checkpoint, model, new GivenMagnitudes(), ProgressListener.none());
        }
        Files.deleteIfExists(directory.resolve("original"));
        Files.copy(model.resolve(ExportedFiles.ENCODER), directory.resolve("original"));
    }

    @Test
    void anExportedGraphPasses() throws ModelException {
        check();
    }

    @Test
    void weightsOutsideTheModelAreRefused() throws IOException {
        for (String location : new String[] {"/etc/passwd", "../encoder.weights", "head.weights", ""}) {
            rewrite(place("location", location));
            assertRefused("outside encoder.weights");
        }
        for (String offset : new String[] {"-1", "9223372036854775807", "junk"}) {
            rewrite(place("offset", offset));
            assertRefused("outside encoder.weights");
        }
    }

    @Test
    void weightsThatAreNotAsLargeAsTheirShapeAreRefused() throws IOException {
        rewrite(place("length", "0"));

        assertRefused("of 0 bytes, which its shape does not need");
    }

    @Test
    void anExportedGraphWithInt8WeightsPasses() throws ModelException, IOException {
        export(WeightType.INT8);

        check();
    }

    @Test
    void int8WeightsThatAreNotAsLargeAsTheirShapeAreRefused() throws ModelException, IOException {
        export(WeightType.INT8);
        rewrite(retyped(DataType.INT8, DataType.FLOAT));
        assertRefused("which its shape does not need");

        rewrite(retyped(DataType.FLOAT, DataType.INT8));
        assertRefused("which its shape does not need");
    }

    @Test
    void weightsOfAnotherTypeAreRefused() throws ModelException, IOException {
        export(WeightType.INT8);
        rewrite(retyped(DataType.INT8, DataType.UINT8)); // as large, but with another meaning
        assertRefused("of type 2, expected FLOAT or INT8");

        rewrite(retyped(DataType.INT8, DataType.BFLOAT16));
        assertRefused("of type 16, expected FLOAT or INT8");
    }

    @Test
    void weightsThatTheManifestDoesNotSpeakOfAreRefused() throws ModelException, IOException {
        type = WeightType.INT8;
        assertRefused("holds no int8 weights, but the manifest says that they are int8");

        export(WeightType.INT8);
        type = WeightType.FLOAT32;
        assertRefused("holds int8 weights, but the manifest says that they are float32");
    }

    @Test
    void aWeightInTwoPlacesIsRefused() throws IOException {
        ModelProto.Builder changed = place("offset", "0").toBuilder();
        changed.getGraphBuilder().getInitializerBuilderList().stream()
                .filter(tensor -> tensor.getExternalDataCount() > 0)
                .forEach(tensor -> tensor.addExternalData(tensor.getExternalData(0)));
        rewrite(changed.build());

        assertRefused("places a weight twice");
    }

    @Test
    void customOperatorsAreRefused() throws IOException {
        ModelProto.Builder changed = read();
        changed.getGraphBuilder()
                .addNode(NodeProto.newBuilder().setOpType("Shell").setDomain("com.evil"));
        rewrite(changed.build());

        assertRefused("custom operator Shell");
    }

    @Test
    void nestedGraphsAreRefused() throws IOException {
        ModelProto.Builder changed = read();
        changed.getGraphBuilder()
                .addNode(NodeProto.newBuilder()
                        .setOpType("If")
                        .addAttribute(AttributeProto.newBuilder()
                                .setName("then_branch")
                                .setUnknownFields(UnknownFieldSet.newBuilder()
                                        .addField(
                                                6,
                                                UnknownFieldSet.Field.newBuilder()
                                                        .addLengthDelimited(ByteString.EMPTY)
                                                        .build())
                                        .build())));
        rewrite(changed.build());

        assertRefused("graph inside the operator If");
    }

    @Test
    void somethingElseThanAGraphIsRefused() throws IOException {
        Files.writeString(model.resolve(ExportedFiles.ENCODER), "no graph");

        assertRefused("no ONNX graph");
    }

    private ModelProto place(String key, String value) throws IOException {
        ModelProto.Builder changed = read();
        TensorProto.Builder tensor = changed.getGraphBuilder().getInitializerBuilderList().stream()
                .filter(candidate -> candidate.getExternalDataCount() > 0)
                .findFirst()
                .orElseThrow();
        for (StringStringEntryProto.Builder entry : tensor.getExternalDataBuilderList()) {
            entry.setValue(entry.getKey().equals(key) ? value : entry.getValue());
        }
        return changed.build();
    }

    /** With another type for the weights of one. */
    private ModelProto retyped(DataType from, DataType to) throws IOException {
        ModelProto.Builder changed = read();
        changed.getGraphBuilder().getInitializerBuilderList().stream()
                .filter(tensor -> tensor.getExternalDataCount() > 0 && tensor.getDataType() == from.getNumber())
                .forEach(tensor -> tensor.setDataType(to.getNumber()));
        return changed.build();
    }

    private ModelProto.Builder read() throws IOException {
        return ModelProto.parseFrom(Files.readAllBytes(directory.resolve("original"))).toBuilder();
    }

    private void rewrite(ModelProto changed) throws IOException {
        Files.write(model.resolve(ExportedFiles.ENCODER), changed.toByteArray());
    }

    private void check() throws ModelException {
        Path graph = model.resolve(ExportedFiles.ENCODER);
        ModelManifest.Entry weights = FileDigest.of(model, ExportedFiles.ENCODER_WEIGHTS);
        GraphCheck.check(graph, RegularFile.read(graph, GraphCheck.MAX_GRAPH_BYTES), weights, type);
    }

    private void assertRefused(String reason) {
        assertThatThrownBy(this::check).isInstanceOf(ModelException.class).hasMessageContaining(reason);
    }
}
