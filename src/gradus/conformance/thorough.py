"""The thorough depth: everything in a lab folder on many seeds, resumable after a break."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from gradus.conformance.bench import Bench
from gradus.conformance.seen import Seen, Trouble
from gradus.core.lab import Naming
from gradus.core.submission import Submission
from gradus.core.verdict import Judgement, Verdict
from gradus.judge import reference_submission, starter_submission
from gradus.judge.submissions import Handed

REPEATED = 3
"""On how many of the seeds everything is judged a second time."""
_REMARKS = {".py": "# another pair of eyes", ".toml": "# another", ".sql": "-- another"}


def run_seeds(bench: Bench) -> list[Seen]:
    """Judge everything on every seed, or go on where an earlier run was broken off."""
    if bench.seen is None:
        bench.seen = _run_seeds(bench)
    return bench.seen


def _run_seeds(bench: Bench) -> list[Seen]:
    record = _Record.open(bench)
    for seed in range(1, bench.n_seeds + 1):
        if seed not in record.seeds:
            record.keep(seed, list(_one_seed(bench, seed)))
            bench.report(f"{bench.lab.id}: seed {seed} of {bench.n_seeds}")
    return [each for seed in range(1, bench.n_seeds + 1) for each in record.seeds[seed]]


def _one_seed(bench: Bench, seed: int) -> Iterator[Seen]:
    right = [("reference", Handed("reference", reference_submission(bench.lab)))]
    right += [("right", each) for each in bench.ways]
    wrong = [("starter", Handed("starter", starter_submission(bench.lab)))]
    wrong += [("wrong", each) for each in bench.for_claims]
    for family, each in right:
        judgement = bench.judge(each.submission, seed, name_mistakes=False, shrink=False)
        if judgement.verdict is not Verdict.PASSED:
            said = f"{family} '{each.name}' gets {judgement.verdict} on seed {seed}."
            yield Seen(Trouble.RIGHT_REFUSED, family, f"{said} {_first_failed(judgement)}".strip())
        yield from _again(bench, family, each, judgement)
    for family, each in wrong:
        yield from _one_wrong(bench, family, each, seed)


def _one_wrong(bench: Bench, family: str, each: Handed, seed: int) -> Iterator[Seen]:
    named = family == "wrong" and bench.lab.naming is Naming.BEHAVIOUR
    judgement = bench.judge(
        in_other_bytes(each.submission), seed, name_mistakes=named, shrink=False
    )
    if judgement.verdict is not Verdict.FAILED:
        said = f"{family} '{each.name}' gets {judgement.verdict} on seed {seed}, not FAILED."
        yield Seen(Trouble.WRONG_PASSED, family, said)
    elif named and judgement.mistake != each.name:
        told = f"is called '{judgement.mistake}'" if judgement.mistake else "is not named"
        yield Seen(Trouble.NAMED_OTHERWISE, family, f"'{each.name}' {told} on seed {seed}.")
    yield from _again(bench, family, each, judgement)


def _again(bench: Bench, family: str, each: Handed, first: Judgement) -> Iterator[Seen]:
    """Judge a second time on the same seed, on some of the seeds, with what began before."""
    if first.seed > REPEATED:
        return
    second = bench.judge(each.submission, first.seed, name_mistakes=False, shrink=False, ahead=True)
    if _held(second) != _held(first):
        said = f"{family} '{each.name}' gets another verdict when seed {first.seed} is run again."
        yield Seen(Trouble.NOT_THE_SAME, family, said)


def in_other_bytes(submission: Submission) -> Submission:
    """Return the same work in other bytes, so that nothing is recognised by its hash."""
    files = dict(submission.files)
    for name, content in files.items():
        remark = _REMARKS.get(Path(name).suffix)
        if remark is not None:
            files[name] = content.rstrip() + f"\n\n{remark}\n".encode()
            break
    return Submission(files, submission.case_seed)


def _held(judgement: Judgement) -> tuple[Any, ...]:
    return (judgement.verdict, *(claim.held for claim in judgement.claims))


def _first_failed(judgement: Judgement) -> str:
    failed = [claim.sentence for claim in judgement.claims if not claim.held]
    return judgement.reason or (failed[0] if failed else "")


@dataclass
class _Record:
    """What is done already, on disk after every seed."""

    path: Path | None
    key: str
    lab: str
    seeds: dict[int, list[Seen]]
    whole: dict[str, Any]

    @classmethod
    def open(cls, bench: Bench) -> "_Record":
        """Read what an earlier run of the same lab and submissions has left."""
        key = _key(bench)
        whole = _left(bench.state)
        kept = whole.get(bench.lab.id, {})
        done = kept.get("seeds", {}) if kept.get("key") == key else {}
        seeds = {
            int(seed): [
                Seen(Trouble(each["trouble"]), each["family"], each["message"]) for each in seen
            ]
            for seed, seen in done.items()
        }
        return cls(bench.state, key, bench.lab.id, seeds, whole)

    def keep(self, seed: int, seen: list[Seen]) -> None:
        """Keep what was seen on a seed."""
        self.seeds[seed] = seen
        if self.path is None:
            return
        seeds = {str(each): [asdict(one) for one in many] for each, many in self.seeds.items()}
        self.whole[self.lab] = {"key": self.key, "seeds": seeds}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self.path.with_name(f"{self.path.name}.new")
        unfinished.write_text(json.dumps(self.whole, indent=1), encoding="utf-8")
        unfinished.replace(self.path)


def _left(state: Path | None) -> dict[str, Any]:
    """Return what an earlier run has left; a spoilt file is as good as none."""
    if state is None or not state.is_file():
        return {}
    try:
        whole = json.loads(state.read_text(encoding="utf-8"))
    except ValueError:
        return {}
    return whole if isinstance(whole, dict) else {}


def _key(bench: Bench) -> str:
    """Return a hash over what judges and over everything that is judged."""
    handed = [reference_submission(bench.lab), starter_submission(bench.lab)]
    handed += [each.submission for each in (*bench.ways, *bench.variants)]
    whole = sha256(bench.lab.version.encode())
    for each in handed:
        whole.update(each.digest.encode())
    return f"sha256:{whole.hexdigest()}"
