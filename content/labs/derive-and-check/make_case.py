"""Numbers and functions of the learner's own for the derivations; judges nothing."""

import numpy as np

HEADS = ("sin", "cos", "exp")
MIDDLES = ("sin(u)", "tanh(u)", "exp(-u)")
OUTERS = ("log(1 + v**2)", "v**3", "sqrt(1 + v**2)")
RHOS = ("log(cosh(r))", "sqrt(1 + r**2)", "log(1 + exp(r))", "r**2/(1 + r**2)")

FORM = """\
# Your derivations. Fill in a formula as text, for example  df_dx = "2*x*y + 3*cos(3*y)".
#
# Allowed: + - * / ** ( ), numbers, the names that a part lists, and the functions
# exp log sqrt sin cos tan sinh cosh tanh sigmoid. Write every multiplication: 2*x, not 2x.

# Part 1: partial derivatives of   f(x, y) = {f}
# in: x, y
[partials]
df_dx = ""
df_dy = ""

# Part 2: a chain.   u = {u}      v = {v}      g = {g}
[chain]
du_dx = ""   # in: x
dv_du = ""   # in: u
dg_dv = ""   # in: v
dg_dx = ""   # in: x and, as short names for what they stand for, u and v

# Part 3: the logistic loss of one sample, y is 0 or 1.
#   p = sigmoid({k}*w*x + b)      L = -(y*log(p) + (1 - y)*log(1 - p)) + {penalty}*w**2
# in: w, b, x, y and p
[logistic]
dL_dw = ""
dL_db = ""

# Part 4: softmax of three scores, sharpened by {s}:
#   p1 = exp({s}*z1) / (exp({s}*z1) + exp({s}*z2) + exp({s}*z3)), p2 and p3 likewise
#   L = -log(p{target}): class {target} is the true one
# in: p1, p2, p3 and z1, z2, z3
[softmax]
dp1_dz1 = ""
dp1_dz2 = ""
dL_dz1 = ""
dL_dz2 = ""
dL_dz3 = ""

# Part 5: a loss of your own, which you also code (own_gradient in gradients.py).
#   r_i = {a}*(x_i . w) - y_i      L = the mean of rho(r_i) over the samples i
#   rho(r) = {rho}
# in: r
[own]
drho_dr = ""
"""


def make_case(rng: np.random.Generator) -> tuple[dict[str, str | bytes], dict]:
    """Return the form to fill in, and the functions behind it."""

    def whole(low: int, high: int) -> int:
        return int(rng.integers(low, high + 1))

    head, c = str(rng.choice(HEADS)), whole(2, 4)
    case = {
        "head": head,
        "f_numbers": [whole(2, 5), whole(2, 3), c],
        "chain_numbers": [whole(2, 4), whole(1, 3)],
        "middle": str(rng.choice(MIDDLES)),
        "outer": str(rng.choice(OUTERS)),
        "k": whole(2, 5),
        "penalty": whole(2, 6),
        "s": whole(2, 4),
        "target": whole(1, 3),
        "a": whole(2, 4),
        "rho": str(rng.choice(RHOS)),
    }
    first, power, c = case["f_numbers"]
    case["f"] = f"{first}*x**{power}*y + {head}({c}*x*y)"
    case["u"] = "{}*x**2 + {}*x".format(*case["chain_numbers"])
    case["answers"] = answers(case)
    form = FORM.format(v=case["middle"], g=case["outer"], **case_words(case))
    return {"derivations.toml": form}, case


# The derivative of each function above, with the same letter.
SLOPES = {
    "sin": "cos({0})",
    "cos": "-sin({0})",
    "exp": "exp({0})",
    "sin(u)": "cos(u)",
    "tanh(u)": "1 - tanh(u)**2",
    "exp(-u)": "-exp(-u)",
    "log(1 + v**2)": "2*v/(1 + v**2)",
    "v**3": "3*v**2",
    "sqrt(1 + v**2)": "v/sqrt(1 + v**2)",
    "log(cosh(r))": "tanh(r)",
    "sqrt(1 + r**2)": "r/sqrt(1 + r**2)",
    "log(1 + exp(r))": "1/(1 + exp(-r))",
    "r**2/(1 + r**2)": "2*r/(1 + r**2)**2",
}


def answers(case: dict) -> dict:
    """The derivations by hand, for the reference and the variants; the check never reads them."""
    (a, power, c), (d, e), s = case["f_numbers"], case["chain_numbers"], case["s"]
    head = SLOPES[case["head"]].format(f"{c}*x*y")
    links = {"du_dx": f"{2 * d}*x + {e}", "dv_du": SLOPES[case["middle"]]}
    links["dg_dv"] = SLOPES[case["outer"]]
    true = {i: f"{s}*p{i} - {s}" if i == case["target"] else f"{s}*p{i}" for i in (1, 2, 3)}
    return {
        "partials": {
            "df_dx": f"{a * power}*x**{power - 1}*y + {c}*y*({head})",
            "df_dy": f"{a}*x**{power} + {c}*x*({head})",
        },
        "chain": {**links, "dg_dx": " * ".join(f"({link})" for link in links.values())},
        "logistic": {
            "dL_dw": f"(p - y)*{case['k']}*x + {2 * case['penalty']}*w",
            "dL_db": "p - y",
        },
        "softmax": {
            "dp1_dz1": f"{s}*p1*(1 - p1)",
            "dp1_dz2": f"-{s}*p1*p2",
            **{f"dL_dz{i}": true[i] for i in (1, 2, 3)},
        },
        "own": {"drho_dr": SLOPES[case["rho"]]},
    }


def case_words(case: dict) -> dict:
    """The parts of a case that stand in the form under their own name."""
    return {name: case[name] for name in ("f", "u", "k", "penalty", "s", "target", "a", "rho")}
