"""What a trained model is."""

import json
import subprocess
import sys


def test_training_writes_a_model(tmp_path):
    out = tmp_path / "model.json"
    subprocess.run([sys.executable, "train.py", str(out)], check=True)
    assert json.loads(out.read_text())["minutes_per_km"] > 0
