"""Arithmetic in torch, rows one by one, and times of three calls in turns, the least of them."""

import io
import logging
import math
import tempfile
import warnings
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from onnxruntime.quantization import CalibrationDataReader, QuantType, quantize_static

# All three libraries give the same advice at every call.
warnings.filterwarnings("ignore")
logging.getLogger().setLevel(logging.ERROR)
onnxruntime.set_default_logger_severity(4)


def parameters(low, high):
    """Return scale and zero point that lay the range, stretched to hold 0, on 0 to 255."""
    if not np.isfinite([low, high]).all():
        raise ValueError("the ends have to be finite")
    if low > high:
        raise ValueError("the low end is above the high one")
    top, bottom = np.maximum(high, 0), np.minimum(low, 0)
    if top == bottom:
        return np.float32(1), np.uint8(0)
    scale = np.float32((top - bottom) / 255)
    return scale, np.uint8(np.clip(np.rint(-bottom / scale), 0, 255))


def quantise(x, scale, zero):
    """Return `x` as uint8, each value at its nearest step; what lies beyond, at the end."""
    steps = torch.floor(torch.tensor(x, dtype=torch.float64) / float(scale) + 0.5) + int(zero)
    return steps.clamp(0, 255).to(torch.uint8).numpy()


def dequantise(q, scale, zero):
    """Return the float32 values for which the steps `q` stand."""
    table = np.array([(step - int(zero)) * float(scale) for step in range(256)], dtype=np.float32)
    return table[q]


def quantise_weight(w):
    """Return `w` (out, in) as int8 from -127 to 127, and the scale of each row, float32 (out,)."""
    steps, scales = [], []
    for row in w.tolist():
        largest = max(abs(each) for each in row)
        if any(math.isnan(each) or math.isinf(each) for each in row):
            raise ValueError("a weight is not finite")
        scale = largest / 127 if largest > 0 else 1.0
        scales.append(scale)
        steps.append([max(-127, min(127, round(each / scale))) for each in row])
    return np.array(steps, dtype=np.int8), np.array(scales, dtype=np.float32)


def export(model):
    """Return the ONNX file of the model, for any batch size and length; leave the model alone."""
    modes = [(each, each.training) for each in model.modules()]
    file = io.BytesIO()
    try:
        torch.onnx.export(
            model.eval(),
            (torch.ones(2, 5, dtype=torch.int64),),
            file,
            input_names=["tokens"],
            output_names=["logits"],
            dynamic_axes={"tokens": {0: "batch", 1: "length"}, "logits": {0: "batch"}},
            dynamo=False,
        )
    finally:
        for each, training in modes:
            each.training = training
    return file.getvalue()


def answers(file, rows):
    """Return the logits of a file for rows of tokens."""
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    return session.run(["logits"], {"tokens": rows})[0]


def parity(model, file, rows):
    """Return how far apart model and file are at most, over all logits of all rows."""
    modes = [(each, each.training) for each in model.modules()]
    model.eval()
    with torch.no_grad():
        expected = model(torch.from_numpy(rows)).numpy()
    for each, training in modes:
        each.training = training
    return float(np.abs(answers(file, rows) - expected).max())


class Batches(CalibrationDataReader):
    """Hands rows of tokens to the calibration, some at a time."""

    def __init__(self, rows, size=15):
        self.batches = iter([rows[at : at + size] for at in range(0, len(rows), size)])

    def get_next(self):
        batch = next(self.batches, None)
        return None if batch is None else {"tokens": batch}


def quantised(file, calibration):
    """Return the INT8 file of a float file, its ranges from the calibration rows."""
    with tempfile.TemporaryDirectory() as name:
        before, after = Path(name, "float.onnx"), Path(name, "int8.onnx")
        before.write_bytes(file)
        quantize_static(
            before,
            after,
            Batches(calibration),
            per_channel=True,
            activation_type=QuantType.QInt8,
            weight_type=QuantType.QInt8,
        )
        return after.read_bytes()


def ship(model, calibration, test, labels):
    """Return the files "float" and "int8" with what was measured of them; see the lesson."""
    shipped = {"float": export(model)}
    shipped["int8"] = quantised(shipped["float"], calibration)
    for name in ("float", "int8"):
        file = shipped[name]
        shipped[f"{name}_bytes"] = len(file)
        shipped[f"{name}_accuracy"] = float((answers(file, test).argmax(axis=1) == labels).mean())
    return shipped


def speedup(old, new, clock):
    """Return how many times faster a call of `new` is than one of `old`, by the clock."""

    def seconds(call):
        start = clock()
        call()
        return clock() - start

    times = {old: [], new: []}
    for turn in range(24):
        for call, kept in times.items():
            took = [seconds(call) for _ in range(3)]
            if turn >= 4:
                kept.append(min(took))
    return sorted(times[old])[10] / sorted(times[new])[10]
