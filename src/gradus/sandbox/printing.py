"""A stranger's words made safe to show: nothing in them steers a terminal or cannot be encoded.

It must not shorten them and must not know where they are shown.
"""

import re

_UNSEEN = "\\u061c\\u200e\\u200f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069"
_CONTROL = re.compile(f"[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f{_UNSEEN}\\ud800-\\udfff]")


def printable(text: str) -> str:
    """Return words with everything that could steer a terminal written out."""
    return _CONTROL.sub(lambda found: ascii(found[0])[1:-1], text)
