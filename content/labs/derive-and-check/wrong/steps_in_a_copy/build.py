"""You stepped in what `reshape` gave you: of a transposed array that is a copy, f never sees the step, and every slope is 0."""

import pathlib

RHO_SLOPES = {
    "log(cosh(r))": "np.tanh(r)",
    "sqrt(1 + r**2)": "r / np.sqrt(1 + r**2)",
    "log(1 + exp(r))": "1 / (1 + np.exp(-r))",
    "r**2/(1 + r**2)": "2 * r / (1 + r**2) ** 2",
}


def build(folder: pathlib.Path, case: dict) -> None:
    """Write the derivations of a case, and its numbers into gradients.py."""
    answers = case["answers"]
    lines = []
    for part, formulas in answers.items():
        lines += [f"[{part}]", *(f'{key} = "{text}"' for key, text in formulas.items()), ""]
    (folder / "derivations.toml").write_text("\n".join(lines))

    code = folder / "gradients.py"
    text = code.read_text().replace("A = 2", f"A = {case['a']}")
    code.write_text(text.replace("r / np.sqrt(1 + r**2)", RHO_SLOPES[case["rho"]]))
