"""Softmax on few examples, for what is judged hundreds of times."""

import numpy as np

from gradus.check import claim, draw

LOGITS = draw.arrays(dims=(1, 3), sides=(1, 6), between=(-5.0, 5.0))


def definition(x):
    """e^x / sum(e^x): exact enough here, because LOGITS is too small to overflow."""
    e = np.exp(x)
    return e / e.sum(axis=-1, keepdims=True)


@claim("It agrees with the definition.", examples=3, x=LOGITS)
def agrees_with_the_definition(softmax, x):
    softmax(x).must_be_close_to(definition(x))


@claim("Adding 1000 to every input changes nothing.", examples=3, x=LOGITS)
def ignores_a_common_shift(softmax, x):
    softmax(x + 1000.0).must_be_close_to(definition(x))


@claim("The caller's array is left as it was.", examples=3, x=LOGITS)
def leaves_its_input_alone(softmax, x):
    softmax(x).must_not_change_its_arguments()
