"""Ends with a memory image that is as large as may be."""
import ctypes
import resource


def softmax(x):
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    except (OSError, ValueError):
        pass
    ctypes.string_at(1)
