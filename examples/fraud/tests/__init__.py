"""What the scorer promises; run with `python -m unittest discover -t . -s tests`."""
