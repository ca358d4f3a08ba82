"""From a trained PyTorch model to two files that ONNX Runtime runs: float32 and INT8."""

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

WARM_UP, TIMED = 12, 30


def parameters(low, high):
    """Return scale and zero point that lay the range, stretched to hold 0, on 0 to 255."""
    if not (math.isfinite(low) and math.isfinite(high) and low <= high):
        raise ValueError(f"{low} to {high} is no range")
    low, high = min(low, 0.0), max(high, 0.0)
    scale = (high - low) / 255 or 1.0  # a range of nothing but 0: any step will do
    return scale, round(-low / scale)


def quantise(x, scale, zero):
    """Return `x` as uint8, each value at its nearest step; what lies beyond, at the end."""
    return np.clip(np.round(x / scale) + zero, 0, 255).astype(np.uint8)


def dequantise(q, scale, zero):
    """Return the float32 values for which the steps `q` stand."""
    # uint8 minus an int would wrap around below 0
    return ((q.astype(np.int32) - zero) * scale).astype(np.float32)


def quantise_weight(w):
    """Return `w` (out, in) as int8 from -127 to 127, and the scale of each row, float32 (out,)."""
    if not np.isfinite(w).all():
        raise ValueError("a weight is not finite")
    scale = np.abs(w).max(axis=1) / 127
    scale[scale == 0] = 1.0
    return np.round(w / scale[:, None]).astype(np.int8), scale.astype(np.float32)


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

    def __init__(self, rows, size=50):
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
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
        )
        return after.read_bytes()


def ship(model, calibration, test, labels):
    """Return the files "float" and "int8" with what was measured of them; see the lesson."""
    shipped = {"float": export(model)}
    tried = [quantised(shipped["float"], calibration[half::2]) for half in (0, 1)]
    shipped["int8"] = min(tried, key=lambda file: parity(model, file, test))
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

    for _ in range(WARM_UP):
        old(), new()
    # in turns, so that a machine which grows slower does so for both
    pairs = [(seconds(old), seconds(new)) for _ in range(TIMED)]
    return float(np.median([before / after for before, after in pairs]))
