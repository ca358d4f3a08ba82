"""An integer program over yes and no, solved by HiGHS and checked in whole numbers.

It must not know what the choices are about.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

NODES = 1_000
"""Nodes of the search after which the best set found so far is taken: a bound that a busy machine
does not move."""
NOT_WORTH_IT = (
    "mip_heuristic_run_rins",
    "mip_heuristic_run_rens",
    "mip_heuristic_run_root_reduced_cost",
    "mip_allow_restart",
    "mip_allow_cut_separation_at_nodes",
)
"""Parts of the solver that are left out: on programs of some hundred choices, searches within the
search and starting over take more time than they save."""


@dataclass(frozen=True, slots=True)
class Solution:
    """The choices that were made."""

    chosen: frozenset[str]
    """Names of what is chosen."""
    worth: int
    """What they are worth together."""
    gap: float
    """How far that can be below the most possible, as a share of it; 0 if it is proved."""


class Program:
    """Names to be chosen or not, what each is worth, and what has to hold."""

    def __init__(self, worth: Mapping[str, int], step: int = 1) -> None:
        """`step` is how much more worth counts as more.

        Worths are multiples of it with less than half of it added; the additions decide among
        equals as far as the search comes upon it, and prove nothing.
        """
        self._names = list(worth)
        self._column = {name: number for number, name in enumerate(self._names)}
        self._worth = dict(worth)
        self._step = step
        self._rows: list[tuple[dict[int, int], int]] = []

    def at_most(self, weights: Mapping[str, int], bound: int) -> None:
        """Hold the weights of what is chosen at or below a bound."""
        self._rows.append((self._in_columns(weights), bound))

    def holds(self, chosen: Collection[str]) -> bool:
        """Return whether a choice keeps every bound, in whole numbers."""
        columns = {self._column[name] for name in chosen}
        return all(
            sum(weight for column, weight in weights.items() if column in columns) <= bound
            for weights, bound in self._rows
        )

    def solve(self, start: Collection[str]) -> Solution:
        """Return the worthiest choice; `start` is one that is known to hold.

        It is kept where nothing is worth more. The solver calculates in floating point, so its
        answer is rounded and checked here; one that does not hold exactly is not taken.
        """
        chosen, bound = self._ask_highs(start)
        if not self.holds(chosen) or self._total(chosen) <= self._total(start):
            chosen = frozenset(start)
        worth = self._total(chosen)
        missing = max(0, bound // self._step - worth // self._step)
        return Solution(chosen, worth, missing / max(1, worth // self._step))

    def _in_columns(self, weights: Mapping[str, int]) -> dict[int, int]:
        return {self._column[name]: weight for name, weight in weights.items() if weight}

    def _total(self, chosen: Iterable[str]) -> int:
        return sum(self._worth[name] for name in chosen)

    def _ask_highs(self, start: Collection[str]) -> tuple[frozenset[str], int]:
        """Return the solver's choice and the largest worth that it does not exclude."""
        import highspy  # only a plan that does not fit needs it, and it is slow to load

        solver = highspy.Highs()
        for option, value in {
            "output_flag": False,
            "threads": 1,
            "parallel": "off",
            "random_seed": 0,
            "mip_rel_gap": 0.0,
            "mip_abs_gap": max(1.0, self._step / 2) - 0.001,  # worths are whole numbers
            "mip_max_nodes": NODES,
            **dict.fromkeys(NOT_WORTH_IT, False),
        }.items():
            solver.setOptionValue(option, value)
        solver.passModel(self._model(highspy))
        begin = highspy.HighsSolution()
        begin.col_value = [float(name in start) for name in self._names]
        solver.setSolution(begin)
        solver.run()
        values = solver.getSolution().col_value
        chosen = frozenset(
            name for name, value in zip(self._names, values, strict=False) if value > 0.5
        )
        bound = solver.getInfo().mip_dual_bound
        most = sum(max(0, worth) for worth in self._worth.values())
        is_bounded = solver.getInfo().valid and abs(bound) <= most + 1
        return chosen, int(bound + 1e-4) if is_bounded else most

    def _model(self, highspy: Any) -> Any:
        """Return the program as HiGHS takes it: rows one after the other."""
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self._names), len(self._rows)
        model.sense_ = highspy.ObjSense.kMaximize
        model.col_cost_ = [float(self._worth[name]) for name in self._names]
        model.col_lower_ = [0.0] * len(self._names)
        model.col_upper_ = [1.0] * len(self._names)
        model.integrality_ = [highspy.HighsVarType.kInteger] * len(self._names)
        inf = highspy.kHighsInf
        model.row_lower_ = [-inf] * len(self._rows)
        model.row_upper_ = [float(bound) for _, bound in self._rows]
        starts, columns, weights = [0], [], []
        for row, _ in self._rows:
            columns += list(row)
            weights += [float(weight) for weight in row.values()]
            starts.append(len(columns))
        matrix = model.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kRowwise
        matrix.num_col_, matrix.num_row_ = len(self._names), len(self._rows)
        matrix.start_, matrix.index_, matrix.value_ = starts, columns, weights
        return model
