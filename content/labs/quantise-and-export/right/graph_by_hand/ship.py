"""Both graphs are written node by node; integers are multiplied and scaled back explicitly."""

import numpy as np
import onnx
import onnxruntime as ort
import torch
from onnx import TensorProto, helper, numpy_helper

ort.set_default_logger_severity(4)


def parameters(low, high):
    """Return scale and zero point that lay the range, stretched to hold 0, on 0 to 255."""
    if not -np.inf < low <= high < np.inf:
        raise ValueError("no range")
    span = max(high, 0.0) - min(low, 0.0)
    if span == 0:
        return 1.0, 0
    return span / 255.0, int(min(255, max(0, -min(low, 0.0) * 255.0 / span + 0.5)))


def quantise(x, scale, zero):
    """Return `x` as uint8, each value at its nearest step; what lies beyond, at the end."""
    low, high = (0 - zero) * scale, (255 - zero) * scale
    return (np.rint(np.minimum(np.maximum(x, low), high) / scale) + zero).astype("uint8")


def dequantise(q, scale, zero):
    """Return the float32 values for which the steps `q` stand."""
    return np.float32(scale) * (q.astype(np.float32) - np.float32(zero))


def quantise_weight(w):
    """Return `w` (out, in) as int8 from -127 to 127, and the scale of each row, float32 (out,)."""
    largest = np.maximum(w.max(1), -w.min(1)).astype(np.float32)
    if not np.all(np.isfinite(largest)):
        raise ValueError("a weight is not finite")
    scale = np.where(largest > 0, largest / np.float32(127), np.float32(1))
    return np.rint((w.T / scale).T).astype(np.int8), scale


INNER = (("embedded", ["length", 32]), ("mean", [256]))


class Graph:
    """Nodes and constants of a file that grows from its input to its output."""

    def __init__(self, weights):
        self.weights, self.nodes, self.constants, self.n = weights, [], [], 0

    def constant(self, value):
        self.n += 1
        name = f"c{self.n}"
        self.constants.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def node(self, kind, *inputs, out=None, **attributes):
        self.n += 1
        out = out or f"v{self.n}"
        self.nodes.append(helper.make_node(kind, list(inputs), [out], **attributes))
        return out

    def linear(self, layer, x, bounds, out=None):
        w, bias = self.weights[f"{layer}.weight"], self.weights[f"{layer}.bias"]
        if layer not in bounds:
            product = self.node("MatMul", x, self.constant(np.ascontiguousarray(w.T)))
            return self.node("Add", product, self.constant(bias), out=out)
        scale, zero = parameters(*bounds[layer])
        steps, scales = quantise_weight(w)
        zero = self.constant(np.uint8(zero))
        q = self.node("QuantizeLinear", x, self.constant(np.float32(scale)), zero)
        right = self.constant(np.ascontiguousarray(steps.T))
        sums = self.node("MatMulInteger", q, right, zero)
        back = self.constant((scales * scale).astype(np.float32))
        sums = self.node("Mul", self.node("Cast", sums, to=TensorProto.FLOAT), back)
        return self.node("Add", sums, self.constant(bias), out=out)


def file_of(model, bounds=None, inner=()):
    """Return the bytes of the file; layers with bounds multiply integers."""
    g = Graph({name: each.detach().numpy() for name, each in model.state_dict().items()})
    bounds = bounds or {}
    end, places = g.constant(np.array([-1])), g.constant(np.array([1]))
    text = g.node("Not", g.node("Equal", "tokens", g.constant(np.int64(0))))
    seen = g.node("Unsqueeze", g.node("Cast", text, to=TensorProto.FLOAT), end)
    embedded = g.node("Gather", g.constant(g.weights["embedding.weight"]), "tokens", out="embedded")
    h = g.node("Relu", g.linear("first", embedded, bounds))
    total = g.node("ReduceSum", g.node("Mul", h, seen), places, keepdims=0)
    n = g.node("Max", g.node("ReduceSum", seen, places, keepdims=0), g.constant(np.float32(1)))
    mean = g.node("Div", total, n, out="mean")
    g.linear("last", g.node("Relu", g.linear("second", mean, bounds)), bounds, out="logits")
    outputs = [("logits", ["batch", 4])]
    outputs += [(name, ["batch", *shape]) for name, shape in inner]
    graph = helper.make_graph(
        g.nodes,
        "g",
        [helper.make_tensor_value_info("tokens", TensorProto.INT64, ["batch", "length"])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in outputs],
        g.constants,
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.checker.check_model(made)
    return made.SerializeToString()


def export(model):
    """Return the ONNX file of the model, for any batch size and length; leave the model alone."""
    return file_of(model)


def run(file, rows, *names):
    """Return some outputs of a file."""
    return ort.InferenceSession(file).run(list(names), {"tokens": rows})


def parity(model, file, rows):
    """Return how far apart model and file are at most, over all logits of all rows."""
    was = {name: each.training for name, each in model.named_modules()}
    model.train(False)
    with torch.inference_mode():
        asked = model(torch.tensor(rows)).numpy()
    for name, each in model.named_modules():
        each.training = was[name]
    return float(np.abs(asked - run(file, rows, "logits")[0]).max())


def ship(model, calibration, test, labels):
    """Return the files "float" and "int8" with what was measured of them; see the lesson."""
    seen = run(file_of(model, inner=INNER), calibration, "embedded", "mean")
    bounds = {
        layer: (float(each.min()), float(each.max()))
        for layer, each in zip(("first", "second"), seen, strict=True)
    }
    files = {"float": export(model), "int8": file_of(model, bounds)}
    correct = {}
    for name, each in files.items():
        correct[name] = run(each, test, "logits")[0].argmax(-1) == labels
    return files | {
        "float_bytes": len(files["float"]),
        "int8_bytes": len(files["int8"]),
        "float_accuracy": correct["float"].mean(),
        "int8_accuracy": correct["int8"].mean(),
    }


def speedup(old, new, clock):
    """Return how many times faster a call of `new` is than one of `old`, by the clock."""
    ratios = []
    for turn in range(100):
        a = clock()
        old()
        b = clock()
        new()
        c = clock()
        if turn > 15:
            ratios.append((b - a) / (c - b))
    return sorted(ratios)[len(ratios) // 2]
