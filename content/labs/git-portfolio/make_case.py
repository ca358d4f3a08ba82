"""The names and numbers in which one learner's repository differs from another's."""

COLLEAGUES = ("Mira Sand", "Jonas Wieck", "Amal Reza", "Tess Okafor", "Ines Duarte")


def make_case(rng):
    """Return no files (build.py makes the repository) and the parameters of its history."""
    key = "".join("0123456789abcdef"[int(each)] for each in rng.integers(16, size=32))
    colleague = COLLEAGUES[int(rng.integers(len(COLLEAGUES)))]
    return {}, {
        "key": f"pk_live_{key}",
        "colleague": colleague,
        "batch_size": int(rng.choice([16, 32, 64])),
        "hidden": int(rng.choice([96, 128, 192])),
        "learning_rate": float(rng.choice([0.003, 0.005, 0.02])),
        "epochs": int(rng.choice([40, 60, 80])),
    }
