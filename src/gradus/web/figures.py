"""Pictures of a lab as inline SVG, so that `currentColor` follows light and dark.

Only drawing gets through: no script, no style sheet, no address outside of the picture.
"""

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from gradus.core.errors import GradusError

SVG = "http://www.w3.org/2000/svg"
_ELEMENTS = {
    "svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text",
    "tspan", "title", "desc", "defs", "marker", "linearGradient", "radialGradient", "stop",
    "clipPath", "use", "symbol",
}  # fmt: skip
_ATTRIBUTES = {
    "viewBox", "role", "id", "class", "transform", "d", "points", "x", "y", "x1", "y1", "x2", "y2",
    "cx", "cy", "r", "rx", "ry", "dx", "dy", "width", "height", "fill", "fill-opacity",
    "fill-rule", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray",
    "stroke-dashoffset", "stroke-linecap", "stroke-linejoin", "opacity", "font-size",
    "font-family", "font-weight", "font-style", "text-anchor", "dominant-baseline",
    "alignment-baseline", "letter-spacing", "baseline-shift", "offset", "stop-color",
    "stop-opacity", "gradientUnits", "gradientTransform", "marker-start", "marker-mid",
    "marker-end", "markerWidth", "markerHeight", "markerUnits", "refX", "refY", "orient",
    "preserveAspectRatio", "clip-path", "clip-rule", "clipPathUnits", "aria-label",
    "aria-labelledby", "aria-hidden", "paint-order", "vector-effect", "href",
}  # fmt: skip
_NAMED = re.compile(r"url\(\s*['\"]?#([\w-]+)['\"]?\s*\)")
_ADDRESS = re.compile(r"url\s*\(|@import|javascript:|expression\s*\(|\\|/\*", re.IGNORECASE)
_SIZED = re.compile(r"^\s*[\d.]+\s+[\d.]+\s+([\d.]+)\s+([\d.]+)\s*$")


class FigureError(GradusError):
    """A picture is not the drawing that it should be."""


def safe_figure(svg: str, *, prefix: str) -> str:
    """Return the drawing alone, its ids made unlike those of any other picture on the page.

    A file that is no SVG gives an empty text: a lesson can be read without a picture.
    """
    try:
        return _drawn(svg, prefix)
    except FigureError:
        return ""


def _drawn(svg: str, prefix: str) -> str:
    if "<!DOCTYPE" in svg.upper() or "<!ENTITY" in svg.upper():
        raise FigureError("A picture declares no document type and no entities.")
    try:
        root = ElementTree.fromstring(svg)
    except ElementTree.ParseError as fault:
        raise FigureError(f"The picture is not well-formed: {fault}.") from fault
    if _local(root.tag) != "svg":
        raise FigureError("The picture is no SVG.")
    clean = _element(root, prefix)
    _size(clean)
    return ElementTree.tostring(clean, encoding="unicode", short_empty_elements=True)


def _element(old: ElementTree.Element, prefix: str) -> ElementTree.Element:
    new = ElementTree.Element(_local(old.tag))
    for name, value in _attributes(old):
        kept = _value(name, value, prefix)
        if kept is not None:
            new.set(name, kept)
    new.text, new.tail = old.text, old.tail
    for child in old:
        if isinstance(child.tag, str) and _local(child.tag) in _ELEMENTS:
            new.append(_element(child, prefix))
    return new


def _attributes(element: ElementTree.Element) -> Iterator[tuple[str, str]]:
    """Yield attributes, those of a style attribute among them: the page allows no inline style."""
    for name, value in element.attrib.items():
        if _local(name) == "style":
            for part in value.split(";"):
                key, _, said = part.partition(":")
                if key.strip() in _ATTRIBUTES:
                    yield key.strip(), said.strip()
        elif _local(name) in _ATTRIBUTES:
            yield _local(name), value


def _value(name: str, value: str, prefix: str) -> str | None:
    if name == "id":
        return f"{prefix}-{value}"
    if name == "aria-labelledby":
        return " ".join(f"{prefix}-{each}" for each in value.split())
    if name == "href":
        return f"#{prefix}-{value[1:]}" if re.match(r"^#[\w-]+$", value) else None
    if name == "class":
        return None
    inside = _NAMED.sub(lambda match: f"url(#{prefix}-{match[1]})", value)
    return None if _ADDRESS.search(_NAMED.sub("", value)) else inside


def _size(svg: ElementTree.Element) -> None:
    """Give the picture the size of its view box, so that the page does not jump around it."""
    sized = _SIZED.match(svg.get("viewBox", ""))
    if sized:
        svg.set("width", sized[1])
        svg.set("height", sized[2])


def _local(name: str) -> str:
    return name.rpartition("}")[2]
