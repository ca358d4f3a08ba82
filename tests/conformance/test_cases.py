"""Generated cases: whatever seed a learner gets, there is a case, and it is the same again."""

import numpy as np
import pytest

from gradus.catalogue import content_root, lab_folders, labs_folder, load_lab
from gradus.judge.specification import draw_case

N_SEEDS = 3
LABS = [
    folder
    for folder in lab_folders(labs_folder(content_root()))
    if (folder / "make_case.py").is_file()
]


@pytest.mark.parametrize("folder", LABS, ids=lambda folder: folder.name)
def test_every_seed_has_its_case(folder):
    lab = load_lab(folder)
    different = set()
    for seed in np.random.default_rng(5).integers(2**31, size=N_SEEDS):
        files, hidden = draw_case(lab, int(seed))
        again, hidden_again = draw_case(lab, int(seed))
        assert files == again
        assert repr(hidden) == repr(hidden_again)
        different.add(repr((files, hidden)))
    assert len(different) > N_SEEDS // 2
