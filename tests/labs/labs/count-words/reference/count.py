"""Count the words of a file."""

import sys
from pathlib import Path

count = len(Path(sys.argv[1]).read_text().split())
print(count)
Path("report.toml").write_text(f"words = {count}\n")
