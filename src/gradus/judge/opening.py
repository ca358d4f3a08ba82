"""What a learner finds in the folder of a lab that was opened.

Nothing is written here: the desk lays these files.
"""

from gradus.core.errors import SandboxError
from gradus.core.lab import Lab
from gradus.judge.bench import Bench
from gradus.judge.pool import Pool
from gradus.judge.specification import draws_cases
from gradus.judge.submissions import CASE_FILE, starter_submission
from gradus.judge.trouble import Ours


def starter_files(lab: Lab, case_seed: int, pool: Pool) -> dict[str, bytes]:
    """Return the starter with the files of its case; where it is a script, what the script makes.

    Raises `PrerequisiteError` where a script needs an environment that is not installed, and
    `SandboxError` where it fails.
    """
    try:
        bench = Bench(lab, starter_submission(lab, case_seed), pool)
    except Ours as error:
        raise SandboxError(f"The starter of {lab.id} could not be made: {error}") from error
    files = dict(bench.files())
    bench.close()
    if draws_cases(lab):
        files[CASE_FILE] = f"seed = {case_seed}\n".encode()
    return files
