"""An exported model as one graph in memory, that can be changed and run."""

import copy
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

FOLLOWED = ("Gather", "Reshape", "Identity")  # they move channels nowhere: what is true of a channel before is true behind


def load(directory: Path) -> "Model":
    """Encoder and head, joined at the hidden states."""
    nodes, initializers, inputs = [], {}, []
    for part in ("encoder", "head"):
        proto = onnx.load(str(directory / f"{part}.onnx"), load_external_data=True)
        prefix = f"{part}/"
        kept = {i.name for i in proto.graph.input} | {o.name for o in proto.graph.output}
        rename = lambda name: name if name in kept or not name else prefix + name
        for tensor in proto.graph.initializer:
            initializers[rename(tensor.name)] = numpy_helper.to_array(tensor)
        for node in proto.graph.node:
            node = copy.deepcopy(node)
            node.name = prefix + node.name
            node.input[:] = [rename(name) for name in node.input]
            node.output[:] = [rename(name) for name in node.output]
            nodes.append(node)
        inputs += [i for i in proto.graph.input if i.name != "hidden_states"]
        opset = proto.opset_import
    return Model(nodes, initializers, inputs, opset)


class Model:
    """Nodes, constants by name, inputs. Changing a copy leaves the original as it is; constants are never written to."""

    def __init__(self, nodes, initializers, inputs, opset):
        self.nodes = nodes
        self.constants = initializers
        self.inputs = inputs
        self.opset = opset
        self.counter = 0

    def copy(self) -> "Model":
        nodes = [copy.deepcopy(node) for node in self.nodes]
        model = Model(nodes, dict(self.constants), self.inputs, self.opset)
        model.counter = self.counter
        return model

    def nodes_of(self, kind: str):
        return [node for node in self.nodes if node.op_type == kind]

    def producer(self, value: str):
        return next((node for node in self.nodes if value in node.output), None)

    def consumers(self, value: str):
        return [node for node in self.nodes if value in node.input]

    def products(self):
        """All dense products, in the order of the graph."""
        return self.nodes_of("Gemm")

    def set_constant(self, node, index: int, value) -> None:
        """Gives one input of a node a new constant; other readers keep the old one."""
        self.counter += 1
        name = f"{node.input[index]}~{self.counter}"
        self.constants[name] = np.ascontiguousarray(value, dtype=np.float32)
        node.input[index] = name

    def constant(self, name: str, value) -> str:
        self.counter += 1
        name = f"{name}~{self.counter}"
        self.constants[name] = np.asarray(value)
        return name

    def bias(self, product) -> np.ndarray:
        """The bias of a product; zeros if it has none."""
        weight = self.constants[product.input[1]]
        return self.constants[product.input[2]] if len(product.input) > 2 else np.zeros(weight.shape[0], np.float32)

    def set_bias(self, product, value) -> None:
        if len(product.input) > 2:
            self.set_constant(product, 2, value)
        else:
            product.input.append(self.constant(product.input[1] + "_bias", np.asarray(value, np.float32)))

    def add(self, kind: str, inputs, before, **attributes) -> str:
        """A node with one output, in front of another one."""
        self.counter += 1
        output = f"study/{kind}~{self.counter}"
        node = helper.make_node(kind, list(inputs), [output], name=output, **attributes)
        self.nodes.insert(next(i for i, other in enumerate(self.nodes) if other is before), node)
        return output

    def add_behind(self, kind: str, inputs, producer, **attributes) -> str:
        self.counter += 1
        output = f"study/{kind}~{self.counter}"
        node = helper.make_node(kind, list(inputs), [output], name=output, **attributes)
        self.nodes.insert(next(i for i, other in enumerate(self.nodes) if other is producer) + 1, node)
        return output

    def product_readers(self, value: str):
        """The products that read a value, perhaps after its rows were moved; and the nodes that lead elsewhere.

        Gives (products, branches, rest): branches are the direct readers behind which there are only products.
        """
        products, branches, rest = [], [], []
        for node in self.consumers(value):
            found = self._only_products(node, value)
            if found is None:
                rest.append(node)
            else:
                branches.append(node)
                products += found
        return products, branches, rest

    def _only_products(self, node, value: str):
        if node.op_type == "Gemm":
            return [node] if node.input[0] == value else None
        if node.op_type == "Concat":
            others = [name for name in node.input if name != value]
            if any(name not in self.constants or np.any(self.constants[name]) for name in others):
                return None
        elif node.op_type not in FOLLOWED or node.input[0] != value:
            return None
        found = []
        for reader in self.consumers(node.output[0]):
            behind = self._only_products(reader, node.output[0])
            if behind is None:
                return None
            found += behind
        return found

    def session(self, outputs, threads: int = 1) -> onnxruntime.InferenceSession:
        used = {name for node in self.nodes for name in node.input}
        graph = helper.make_graph(
            self.nodes,
            "study",
            self.inputs,
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs],
            [numpy_helper.from_array(value, name) for name, value in self.constants.items() if name in used],
        )
        proto = helper.make_model(graph, opset_imports=self.opset)
        proto.ir_version = 10
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(proto.SerializeToString(), options, ["CPUExecutionProvider"])
