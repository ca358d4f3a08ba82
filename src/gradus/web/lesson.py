"""Lessons from Markdown to HTML that is safe to show: no raw HTML, no foreign address, no script.

Mathematics stays TeX in `.math` elements, which the page typesets; pictures are drawn in place.
"""

import html
import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup
from mdit_py_plugins.dollarmath import dollarmath_plugin

from gradus.web.figures import safe_figure

_TAGS = {
    "a", "blockquote", "br", "code", "del", "div", "em", "figcaption", "figure", "h3", "h4", "h5",
    "h6", "hr", "li", "ol", "p", "pre", "s", "span", "strong", "table", "tbody", "td", "th",
    "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title"},
    "code": {"class"},
    "div": {"class"},
    "span": {"class"},
    "ol": {"start"},
    "td": {"align"},
    "th": {"align", "scope"},
    "figure": {"class"},
}
_CLASSES = re.compile(r"^(math (inline|block)|language-[A-Za-z0-9_+-]{1,20}|picture)$")
_ALIGNED = re.compile(r"text-align:\s*(left|right|center)")


def lesson_html(markdown: str, figures: Mapping[str, str] | None = None) -> Markup:
    """Return the sanitised HTML of one part of a lesson, with its pictures drawn in place."""
    slots: dict[str, str] = {}
    rendered = _renderer().render(markdown, {"figures": figures or {}, "slots": slots})
    clean = nh3.clean(
        rendered,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_kept,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )
    for slot, svg in slots.items():  # drawn after cleaning: they have a cleaner of their own
        clean = clean.replace(slot, svg)
    return Markup(clean)


def _kept(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "class":
        return value if _CLASSES.match(value) else None
    return value


def _renderer() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False})
    parser.enable(["table", "strikethrough"])
    parser.use(
        dollarmath_plugin,
        allow_space=False,
        allow_digits=False,
        allow_labels=False,
        double_inline=True,
        renderer=_tex,
    )
    parser.core.ruler.push("picture_alone", _picture_alone)
    parser.add_render_rule("image", _picture)
    parser.add_render_rule("heading_open", _heading)
    parser.add_render_rule("heading_close", _heading)
    parser.add_render_rule("th_open", _cell)
    parser.add_render_rule("td_open", _cell)
    return parser


def _tex(content: str, options: Any) -> str:
    return html.escape(content.strip("\n"))


def _heading(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    """Keep headings of a part below the part's own, which is an h2."""
    level = min(6, max(3, int(tokens[index].tag[1])))
    return f"<h{level}>" if tokens[index].nesting == 1 else f"</h{level}>\n"


def _cell(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """Say a column's alignment without a style attribute, which the page's policy forbids."""
    token = tokens[index]
    aligned = _ALIGNED.search(str(token.attrs.get("style", "")))
    said = f' align="{aligned[1]}"' if aligned else ""
    return f"<{token.tag}{said}>"


def _picture_alone(state: Any) -> None:
    """Take the paragraph away around a picture that stands by itself."""
    tokens = state.tokens
    for before, inline, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        children = inline.children or []
        if before.type == "paragraph_open" and [c.type for c in children] == ["image"]:
            before.hidden = after.hidden = True


def _picture(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    token = tokens[index]
    words = html.escape(token.content)
    svg = env["figures"].get(str(token.attrs.get("src", "")))
    if svg is None:
        return f"<span>{words}</span>"
    slot = f"picture-{secrets.token_hex(12)}"
    env["slots"][slot] = safe_figure(svg, prefix=f"f{len(env['slots'])}-{secrets.token_hex(3)}")
    return f'<figure class="picture">{slot}<figcaption>{words}</figcaption></figure>'
