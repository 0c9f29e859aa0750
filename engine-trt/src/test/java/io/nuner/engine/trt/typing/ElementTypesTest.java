package io.nuner.engine.trt.typing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nuner.engine.EngineException;
import io.nuner.model.ModelException;
import io.nuner.model.format.onnx.GraphProto;
import io.nuner.model.format.onnx.NodeProto;
import io.nuner.model.format.onnx.TensorProto.DataType;
import io.nuner.model.testing.RandomCheckpoint;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The check of types finds every mistake that is planted in a typed graph. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ElementTypesTest {
    private GraphProto encoder = GraphProto.getDefaultInstance();
    private GraphProto head = GraphProto.getDefaultInstance();

    @BeforeAll
    void type(@TempDir Path directory) throws ModelException, EngineException {
        try (TypedModel model = TypedModel.random(RandomCheckpoint.Shape.TINY, 5, directory)) {
            TypedModel.GraphPair typed = model.typed(HalfType.FP16);
            encoder = TypedModel.read(typed.encoder());
            head = TypedModel.read(typed.head());
        }
    }

    @Test
    void typedGraphsPass() {
        assertThatCode(() -> ElementTypes.of(encoder)).doesNotThrowAnyException();
        assertThatCode(() -> ElementTypes.of(head)).doesNotThrowAnyException();
    }

    /** Casts of a value that nothing else of another type meets would be superfluous; there is none. */
    @Test
    void aMissingCastIsFound() {
        for (GraphProto graph : new GraphProto[] {encoder, head}) {
            int casts = 0;
            for (int i = 0; i < graph.getNodeCount(); i++) {
                if (isFloatCast(graph.getNode(i))) {
                    GraphProto without = bypass(graph, i);
                    casts++;
                    assertThatThrownBy(() -> ElementTypes.of(without))
                            .isInstanceOf(TypingException.class)
                            .hasMessageContaining("feeds ");
                }
            }
            assertThat(casts).isGreaterThan(3);
        }
    }

    @Test
    void anUntypedTensorIsFound() {
        assertRefused(encoder.toBuilder().removeInitializer(0), "before it is made");
        GraphProto.Builder untyped = encoder.toBuilder();
        untyped.getInitializerBuilder(0).clearDataType();
        assertRefused(untyped, "unknown element type");
    }

    @Test
    void anOutputOfAnotherTypeIsFound() {
        GraphProto.Builder changed = encoder.toBuilder();
        changed.getOutputBuilder(0).getTypeBuilder().getTensorTypeBuilder().setElemType(DataType.FLOAT16_VALUE);

        assertRefused(changed, "declares the output hidden_states as FLOAT16, but it is FLOAT");
    }

    @Test
    void anUnknownOperatorIsFound() {
        NodeProto.Builder node =
                NodeProto.newBuilder().setOpType("Erf").addInput("token_ids").addOutput("x");

        assertRefused(encoder.toBuilder().addNode(node), "the operator Erf, for which there is no rule");
        assertRefused(
                encoder.toBuilder().addNode(node.setOpType("Add").setDomain("com.other")),
                "for which there is no rule");
    }

    @Test
    void aFloatIndexIsFound() {
        GraphProto.Builder changed = encoder.toBuilder();
        changed.getInputBuilder(0).getTypeBuilder().getTensorTypeBuilder().setElemType(DataType.FLOAT_VALUE);

        assertRefused(changed, "of type FLOAT where it needs [INT32, INT64]");
    }

    @Test
    void aNameGivenTwiceIsFound() {
        assertRefused(encoder.toBuilder().addNode(encoder.getNode(0)), "twice");
    }

    private static boolean isFloatCast(NodeProto node) {
        return node.getOpType().equals("Cast") && node.getAttribute(0).getI() != DataType.INT32_VALUE;
    }

    /** The graph whose readers of a cast read the value before it. */
    private static GraphProto bypass(GraphProto graph, int cast) {
        String before = graph.getNode(cast).getInput(0);
        String behind = graph.getNode(cast).getOutput(0);
        GraphProto.Builder changed = graph.toBuilder().removeNode(cast);
        for (NodeProto.Builder node : changed.getNodeBuilderList()) {
            for (int input = 0; input < node.getInputCount(); input++) {
                node.setInput(input, node.getInput(input).equals(behind) ? before : node.getInput(input));
            }
        }
        return changed.build();
    }

    private static void assertRefused(GraphProto.Builder graph, String reason) {
        assertThatThrownBy(() -> ElementTypes.of(graph.build()))
                .isInstanceOf(TypingException.class)
                .hasMessageContaining(reason);
    }
}
