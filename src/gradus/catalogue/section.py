"""Reading one TOML table field by field; what is wrong is collected with its line, not raised."""

import math
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from gradus.catalogue.document import Document, Keys
from gradus.core.errors import ContentError
from gradus.core.names import did_you_mean

REQUIRED: Final[Any] = object()
"""The default of a field that has to be there."""


class Section:
    """One table of a document; every reader returns something usable and notes what is wrong."""

    def __init__(
        self, document: Document, faults: list[ContentError], keys: Keys = (), content: Any = None
    ) -> None:
        self.document = document
        self.faults = faults
        self.keys = keys
        self.content: Mapping[str, Any] = document.content if content is None else content
        self._read: set[str] = set()

    def fault(self, code: str, message: str, *way: str | int, value: object = None) -> None:
        """Note a fault at a field of this table, or at a value of the list that the field is."""
        keys = self.keys + way
        line = (
            self.document.line(keys) if value is None else self.document.line_of_value(keys, value)
        )
        self.faults.append(ContentError(code, message, path=self.document.path, line=line))

    def text(self, key: str, default: str = REQUIRED) -> str:
        """Read a text that is not blank."""
        value = self._take(key, default, str, "a text")
        if isinstance(value, str) and not value.strip() and key in self.content:
            self.fault("blank-text", f"'{key}' is blank.", key)
        return value if isinstance(value, str) else ""

    def texts(
        self, key: str, default: tuple[str, ...] = REQUIRED, *, doubles: bool = False
    ) -> tuple[str, ...]:
        """Read a list of texts, without doubles unless these mean something."""
        value = self._take(key, default, (list, tuple), "a list of texts")
        if value is None:
            return ()
        if not all(isinstance(each, str) for each in value):
            self.fault("wrong-type", f"'{key}' has to be a list of texts.", key)
            return ()
        for each in sorted({each for each in value if value.count(each) > 1 and not doubles}):
            self.fault("double", f"'{each}' stands twice in '{key}'.", key, value=each)
        return tuple(value)

    def whole(self, key: str, default: int = REQUIRED, *, least: int = 0) -> int:
        """Read a whole number that is at least `least`."""
        value = self._take(key, default, int, "a whole number")
        if value is not None and value < least:
            self.fault("out-of-range", f"'{key}' is {value}; the least is {least}.", key)
        return least if value is None else int(value)

    def number(self, key: str, default: float = REQUIRED, *, above: float = -math.inf) -> float:
        """Read a finite number greater than `above`."""
        value = self._take(key, default, (int, float), "a number")
        if value is not None and not (math.isfinite(value) and value > above):
            self.fault("out-of-range", f"'{key}' is {value}; it has to be above {above:g}.", key)
        return 0.0 if value is None else float(value)

    def pair(self, key: str) -> tuple[float, float]:
        """Read two positive numbers, the smaller first; 0 and 0 for anything else."""
        value = self._take(key, REQUIRED, list, "two numbers")
        match value:
            case None:
                return 0.0, 0.0
            case [int() | float() as low, int() | float() as high] if 0 < low <= high < math.inf:
                return float(low), float(high)
        self.fault("out-of-range", f"'{key}' has to be two numbers, the smaller first.", key)
        return 0.0, 0.0

    def flag(self, key: str, default: bool = REQUIRED) -> bool:
        """Read true or false."""
        return bool(self._take(key, default, bool, "true or false"))

    def one_of(self, key: str, known: Collection[str], default: str = REQUIRED) -> str:
        """Read a word of a closed set; returns an empty text for any other."""
        value = self.text(key, default)
        if value and value not in known:
            self.unknown(key, value, known)
            return ""
        return value

    def unknown(self, key: str, value: str, known: Iterable[str], what: str = "") -> None:
        """Note that a value of `key` is none of the known names."""
        every = list(known)
        hint = did_you_mean(value, every)
        if not hint and len(every) <= 12:
            hint = f" Known: {', '.join(every)}."
        name = what or key
        self.fault(f"unknown-{name}", f"There is no {name} '{value}'.{hint}", key, value=value)

    def mapping(self, key: str) -> dict[str, Any]:
        """Read a table of free keys; an absent one is empty."""
        return dict(self._take(key, {}, dict, "a table") or {})

    def table(self, key: str, *, required: bool = True) -> "Section":
        """Read a table of declared keys."""
        value = self._take(key, REQUIRED if required else {}, dict, "a table")
        return Section(self.document, self.faults, (*self.keys, key), value or {})

    def tables(self, key: str) -> list["Section"]:
        """Read a list of tables (`[[key]]`); an absent one is empty."""
        value = self._take(key, [], list, "a list of tables") or []
        if not all(isinstance(each, dict) for each in value):
            self.fault("wrong-type", f"'{key}' has to be a list of tables.", key)
            return []
        return [
            Section(self.document, self.faults, (*self.keys, key, index), each)
            for index, each in enumerate(value)
        ]

    def each_table(self, key: str) -> list[tuple[str, "Section"]]:
        """Read `[key.name]` tables, with their names in the order of the file."""
        whole = self.mapping(key)
        sections = []
        for name, content in whole.items():
            if isinstance(content, dict):
                way = (*self.keys, key, name)
                sections.append((name, Section(self.document, self.faults, way, content)))
            else:
                self.fault("wrong-type", f"'{key}.{name}' has to be a table.", key, name)
        return sections

    def nothing_else(self) -> None:
        """Note every key that nobody asked for."""
        for key in self.content:
            if key not in self._read:
                hint = did_you_mean(key, self._read)
                self.fault("unknown-key", f"'{key}' is not a key of this table.{hint}", key)

    def _take(self, key: str, default: Any, kind: Any, says: str) -> Any:
        """Return the value of a key if it has the right type, else None after noting the fault."""
        self._read.add(key)
        if key not in self.content:
            if default is REQUIRED:
                self.fault("missing-key", f"'{key}' is missing.")
                return None
            return default
        value = self.content[key]
        is_bool = isinstance(value, bool)
        if not isinstance(value, kind) or (is_bool and kind is not bool):
            said = f"'{key}' has to be {says}, not {type(value).__name__}."
            self.fault("wrong-type", said, key)
            return None
        return value
