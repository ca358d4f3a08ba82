"""Asks the service whether it is well; ends with 1 where it is not."""

import sys
from urllib.error import URLError
from urllib.request import urlopen

try:
    with urlopen("http://127.0.0.1:8000/health", timeout=2) as answer:
        sys.exit(0 if answer.status == 200 else 1)
except URLError:
    sys.exit(1)
