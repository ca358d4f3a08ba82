"""What judging a lab costs is measured, once more where it seems too much."""

from dataclasses import replace

import pytest

from gradus.conformance.bench import Bench, Cost
from gradus.conformance.rules import verdicts
from gradus.core.lab import Naming
from gradus.core.verdict import Judgement, Verdict
from gradus.judge.submissions import Handed, starter_submission


class Measured(Bench):
    """A bench that judges nothing: each look costs what it is told to."""

    def __init__(self, lab, catalogue, *costs):
        super().__init__(lab, catalogue)
        self.costs = list(costs)

    def everything_judged(self):
        yield self._look_at(Handed("starter", starter_submission(self.lab)))

    def _measured(self, handed):
        judgement = Judgement(self.lab.id, "", "", Verdict.FAILED, 0, 0.0, ())
        return judgement, Cost(self.costs.pop(0), 0.0)


@pytest.mark.parametrize(
    ("costs", "refused"),
    [((9.9,), False), ((10.1, 9.9), False), ((10.1, 10.2), True), ((14.0, 10.1), True)],
)
def test_a_lab_over_its_bound_is_measured_once_more(lab_folder, catalogue, costs, refused):
    lab = replace(catalogue.lab(lab_folder.name), naming=Naming.BEHAVIOUR)
    bench = Measured(lab, catalogue, *costs)
    assert bool(list(verdicts.lab_cost(bench))) is refused
    assert bench.costs == []


@pytest.mark.parametrize(
    ("naming", "quick", "refused"),
    [
        (Naming.BEHAVIOUR, {}, True),
        (Naming.BEHAVIOUR, {"rows": 3}, True),
        (Naming.PATTERN, {}, True),
        (Naming.PATTERN, {"rows": 3}, False),
    ],
)
def test_only_random_training_in_its_quick_sizes_may_cost_more(
    lab_folder, catalogue, naming, quick, refused
):
    lab = replace(catalogue.lab(lab_folder.name), naming=naming, quick=quick)
    assert bool(list(verdicts.lab_cost(Measured(lab, catalogue, 12.0, 12.0)))) is refused
