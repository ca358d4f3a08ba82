# Trains into $1 and holds it against the champion.
set -euo pipefail
python train.py "$1"
python evaluate.py "$1" data/fresh.csv new.csv
python evaluate.py champion/model.json data/fresh.csv old.csv
python gate.py new.csv old.csv
