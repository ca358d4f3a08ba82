"""You differentiated the outer function and stopped: the chain rule multiplies by the derivative of what is inside, at every link."""

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
    c, k = case["f_numbers"][2], case["k"]
    for key, factor in (("df_dx", f"{c}*y*"), ("df_dy", f"{c}*x*")):
        answers["partials"][key] = answers["partials"][key].replace(factor, "")
    chain = answers["chain"]
    chain["dg_dx"] = f"({chain['dv_du']}) * ({chain['dg_dv']})"
    answers["logistic"]["dL_dw"] = answers["logistic"]["dL_dw"].replace(f"{k}*x", "x")
    lines = []
    for part, formulas in answers.items():
        lines += [f"[{part}]", *(f'{key} = "{text}"' for key, text in formulas.items()), ""]
    (folder / "derivations.toml").write_text("\n".join(lines))

    code = folder / "gradients.py"
    text = code.read_text().replace("A = 2", f"A = {case['a']}")
    code.write_text(text.replace("r / np.sqrt(1 + r**2)", RHO_SLOPES[case["rho"]]))
