"""The exact bytes that were handed in."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Submission:
    """The files that a learner hands in, with the case that they were given."""

    files: Mapping[str, bytes]
    """Relative POSIX path to content."""
    case_seed: int = 0
    """Which generated case the learner works on; 0 where a lab has none."""

    @property
    def digest(self) -> str:
        """`sha256:…` over the case seed and every path and content, in path order."""
        whole = hashlib.sha256(f"gradus-submission-1 {self.case_seed}\n".encode())
        for path in sorted(self.files):
            content = self.files[path]
            whole.update(f"{len(path.encode())} {path} {len(content)}\n".encode())
            whole.update(content)
        return f"sha256:{whole.hexdigest()}"
