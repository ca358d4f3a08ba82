"""Sums by loops, formulas without the short names, powers written with ^."""

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
    k, s = case["k"], case["s"]
    sigmoid = f"(1/(1 + exp(-({k}*w*x + b))))"
    for key in answers["logistic"]:
        answers["logistic"][key] = answers["logistic"][key].replace("p", sigmoid)
    answers["logistic"]["dL_dw"] = answers["logistic"]["dL_dw"].replace(" * ", "*")
    total = f"(exp({s}*z1) + exp({s}*z2) + exp({s}*z3))"
    for key, text in answers["softmax"].items():
        for i in (1, 2, 3):
            text = text.replace(f"p{i}", f"exp({s}*z{i})*{total}^(-1)")
        answers["softmax"][key] = text
    chain = answers["chain"]
    whole = chain["dg_dx"].replace("v", f"({case['middle']})")
    whole = whole.replace("u", f"({case['u']})")
    chain["dg_dx"] = whole.replace("**", "^")
    lines = []
    for part, formulas in answers.items():
        lines += [f"[{part}]", *(f'{key} = "{text}"' for key, text in formulas.items()), ""]
    (folder / "derivations.toml").write_text("\n".join(lines))

    code = folder / "gradients.py"
    text = code.read_text().replace("A = 2", f"A = {case['a']}")
    code.write_text(text.replace("r / np.sqrt(1 + r**2)", RHO_SLOPES[case["rho"]]))
