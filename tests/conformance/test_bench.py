"""What judging a lab costs is measured, and again where it seems too much."""

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
    [
        ((9.9,), False),
        ((10.1, 9.9), False),
        ((15.0, 12.0, 10.1, 9.9), False),
        ((10.1, 10.2, 10.3, 10.4), True),
        ((19.0, 10.1, 10.1, 10.1), True),
    ],
)
def test_a_lab_over_its_bound_is_measured_again(lab_folder, catalogue, costs, refused):
    lab = replace(catalogue.lab(lab_folder.name), naming=Naming.BEHAVIOUR)
    bench = Measured(lab, catalogue, *costs)
    assert bool(list(verdicts.lab_cost(bench))) is refused
    assert bench.costs == []


def test_half_of_the_variants_are_judged_on_what_began_before(lab_folder, catalogue, monkeypatch):
    """A learner meets them so where Gradus keeps running; the rest is judged as from a shell."""
    lab = catalogue.lab(lab_folder.name)
    began = []

    def noted(submission, **how):
        began.append(how["drawn"] is not None)
        return Judgement(lab.id, "", "", Verdict.FAILED, 0, 0.0, ())

    class Pools:
        spent = 0.0

        def warm(self, lab):
            """Nothing has to be started."""

    monkeypatch.setattr(
        "gradus.conformance.bench.judge", lambda lab, work, **how: noted(work, **how)
    )
    monkeypatch.setattr(Bench, "_speed", lambda self: 1.0)
    bench = Bench(lab, catalogue, Pools())
    judged = list(bench.everything_judged())
    n_variants = len(bench.ways) + len(bench.variants)
    assert n_variants > 2
    assert began[:-n_variants] == [False] * (len(judged) - n_variants)
    assert began[-n_variants:] == [place % 2 == 0 for place in range(n_variants)]
