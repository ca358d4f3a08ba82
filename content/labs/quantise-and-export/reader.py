"""Builds, loads and runs ONNX files: nothing is unpickled, and none of the learner's code runs."""

import re
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

RUNS_AS = "runs_as.onnx"
OPENED = {}
MALFORMED = "the file is no ONNX model that ONNX Runtime loads"


def session_of(file, how="usual", kept_as=None):
    """A session of one thread; `kept_as` writes down the graph that will run.

    `as it stands` leaves out what the runtime would mend, such as dropout.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    levels = onnxruntime.GraphOptimizationLevel
    if how == "as it stands":
        options.graph_optimization_level = levels.ORT_DISABLE_ALL
    if kept_as is not None:
        options.optimized_model_filepath = str(kept_as)
        options.graph_optimization_level = levels.ORT_ENABLE_EXTENDED
    try:
        return onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise ValueError(f"{MALFORMED}: {said(error)}") from None


def opened(file, how):
    if (file, how) not in OPENED:
        OPENED[file, how] = session_of(file, how)
    return OPENED[file, how]


def said(error):
    """What the runtime said, without where in its own source it said it."""
    words = " ".join(str(error).split())
    return re.sub(r"\S*/\S+", "…", words)[:300]


def interface(folder: Path, file: bytes):
    """What goes in and what comes out: name and type of each."""
    session = opened(file, "usual")
    return {
        "inputs": [[each.name, each.type] for each in session.get_inputs()],
        "outputs": [[each.name, each.type] for each in session.get_outputs()],
    }


def logits(folder: Path, file: bytes, rows: list, how: str = "usual"):
    """What the file answers to each of several arrays of tokens."""
    session = opened(file, how)
    answers = []
    for each in rows:
        try:
            (answer,) = session.run(["logits"], {"tokens": np.ascontiguousarray(each)})
        except Exception as error:
            shape = tuple(int(side) for side in each.shape)
            raise ValueError(f"tokens of shape {shape}: {said(error)}") from None
        answers.append(answer)
    return answers


def names_of(graph):
    """The operators of a graph and of the graphs within it, in order."""
    for node in graph.node:
        yield node.op_type
        for attribute in node.attribute:
            for inner in [attribute.g, *attribute.graphs]:
                yield from names_of(inner)


def stored_for(graph, kinds):
    """How many numbers the largest constant has behind each operator of these kinds."""
    sizes = {each.name: int(np.prod(each.dims)) for each in graph.initializer}
    found = []
    for node in graph.node:
        behind = [sizes.get(each) for each in node.input if each]
        fixed = [each for each in behind if each is not None]
        if node.op_type in kinds and fixed:
            found.append(max(fixed))
        # what is computed of constants alone is a constant
        if len(fixed) == len(behind):
            sizes |= dict.fromkeys(node.output, max(fixed, default=1))
    return found


def operators(folder: Path, file: bytes, kinds: list):
    """The operators of the file, those that run, and how many weights some kinds of these have."""
    kept = folder / RUNS_AS
    session_of(file, kept_as=kept)
    runs = onnx.load(str(kept))
    kept.unlink()
    stands = onnx.load_from_string(file)
    within = [each for function in stands.functions for each in names_of(function)]
    return {
        "file": [*names_of(stands.graph), *within],
        "runs": list(names_of(runs.graph)),
        "weights": stored_for(runs.graph, kinds),
    }


def file_of(folder: Path, weights: dict):
    """The classifier with these weights as a file that is right, made without PyTorch."""
    stored = [
        numpy_helper.from_array(np.ascontiguousarray(each.T if each.ndim == 2 else each), name)
        for name, each in weights.items()
        if name != "embedding.weight"
    ]
    constants = {"zero": np.int64(0), "one": np.float32(1), "places": np.array([1])}
    constants |= {"end": np.array([2]), "embedding.weight": weights["embedding.weight"]}
    stored += [numpy_helper.from_array(np.asarray(each), name) for name, each in constants.items()]

    def linear(layer, x, out):
        product = helper.make_node("MatMul", [x, f"{layer}.weight"], [f"{out}.product"])
        return [product, helper.make_node("Add", [f"{out}.product", f"{layer}.bias"], [out])]

    nodes = [
        helper.make_node("Equal", ["tokens", "zero"], ["padding"]),
        helper.make_node("Not", ["padding"], ["text"]),
        helper.make_node("Cast", ["text"], ["seen"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["seen", "end"], ["mask"]),
        helper.make_node("Gather", ["embedding.weight", "tokens"], ["embedded"]),
        *linear("first", "embedded", "a"),
        helper.make_node("Relu", ["a"], ["b"]),
        helper.make_node("Mul", ["b", "mask"], ["c"]),
        helper.make_node("ReduceSum", ["c", "places"], ["d"], keepdims=0),
        helper.make_node("ReduceSum", ["mask", "places"], ["n"], keepdims=0),
        helper.make_node("Max", ["n", "one"], ["m"]),
        helper.make_node("Div", ["d", "m"], ["mean"]),
        *linear("second", "mean", "e"),
        helper.make_node("Relu", ["e"], ["g"]),
        *linear("last", "g", "logits"),
    ]
    graph = helper.make_graph(
        nodes,
        "classifier",
        [helper.make_tensor_value_info("tokens", TensorProto.INT64, ["batch", "length"])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", 4])],
        stored,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    return model.SerializeToString()
