"""Leaves sitecustomize, .pth files and modules that shadow the standard library."""
import os

for name in ("sitecustomize", "usercustomize", "json", "struct", "msgpack", "numpy", "gradus"):
    with open(f"{name}.py", "w") as stream:
        stream.write("raise SystemExit('shadowed')\n")
with open("own.pth", "w") as stream:
    stream.write("import os; os._exit(0)\n")
os.makedirs("__pycache__", exist_ok=True)


def softmax(x):
    return x * 0
