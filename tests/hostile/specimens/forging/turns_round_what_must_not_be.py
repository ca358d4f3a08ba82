"""Turns the request line round: answers requests on the line on which they come."""
import os


def softmax(x):
    os.dup2(255, 254)
    os.dup2(1, 255)
    return x * 0
