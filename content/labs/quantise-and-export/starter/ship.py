"""From a trained PyTorch model to two files that ONNX Runtime runs: float32 and INT8."""

import logging
import warnings
from collections.abc import Callable

import numpy as np
import onnxruntime
import torch

# All three libraries give the same advice at every call.
warnings.filterwarnings("ignore")
logging.getLogger().setLevel(logging.ERROR)
onnxruntime.set_default_logger_severity(4)


def parameters(low: float, high: float) -> tuple[float, int]:
    """Return scale and zero point that lay the range, stretched to hold 0, on 0 to 255."""
    raise NotImplementedError


def quantise(x: np.ndarray, scale: float, zero: int) -> np.ndarray:
    """Return `x` as uint8, each value at its nearest step; what lies beyond, at the end."""
    raise NotImplementedError


def dequantise(q: np.ndarray, scale: float, zero: int) -> np.ndarray:
    """Return the float32 values for which the steps `q` stand."""
    raise NotImplementedError


def quantise_weight(w: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return `w` (out, in) as int8 from -127 to 127, and the scale of each row, float32 (out,)."""
    raise NotImplementedError


def export(model: torch.nn.Module) -> bytes:
    """Return the ONNX file of the model, for any batch size and length; leave the model alone."""
    raise NotImplementedError


def parity(model: torch.nn.Module, file: bytes, rows: np.ndarray) -> float:
    """Return how far apart model and file are at most, over all logits of all rows."""
    raise NotImplementedError


def ship(
    model: torch.nn.Module, calibration: np.ndarray, test: np.ndarray, labels: np.ndarray
) -> dict:
    """Return the files "float" and "int8" with what was measured of them; see the lesson."""
    raise NotImplementedError


def speedup(
    old: Callable[[], object], new: Callable[[], object], clock: Callable[[], float]
) -> float:
    """Return how many times faster a call of `new` is than one of `old`, by the clock."""
    raise NotImplementedError
