"""Markdown becomes HTML that cannot run: markdown-it without raw HTML, then nh3's allow-list.

Our own pictures are shown where the text they stand in has them; a picture elsewhere would tell that server who reads
here, so it becomes a link. People who are named become links to their pages.

Limits come from measured cost (research on reliability, 3.3): a 2,000 × 50 table took 5.8 s, 50,000 brackets 1.8 s.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape

import nh3
from django.conf import settings
from django.utils.html import escape, linebreaks
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from community.names import NAMED, name_in
from community.refusals import Invalid

RENDERER = 3
MOST_BYTES = 20_000
MOST_LINKS = 50
MOST_CELLS = 500
MOST_BRACKETS = 400

TAGS = {
    "p", "br", "hr", "strong", "em", "s", "del", "code", "pre", "blockquote", "ul", "ol", "li", "a", "h3", "h4", "h5", "h6",
    "table", "thead", "tbody", "tr", "th", "td", "img",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title"}, "ol": {"start"}, "th": {"align"}, "td": {"align"},
    "img": {"src", "srcset", "sizes", "width", "height", "loading", "decoding", "alt"},
}  # fmt: skip
CLASSES = {"a": {"named"}}
OUR_PICTURE = re.compile(r"/pictures/(\d{1,18})/(?:\d{1,5}\.webp)?")
# No picture is drawn wider than the column of text, nor taller than a screen, in CSS pixels.
WIDEST, TALLEST = 672, 560
_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": False}).enable(["table", "strikethrough"])
# Chinese, Japanese and Korean, their stops, quotes and brackets: no space parts them from an address, and hardly any raw
# address has one. An address that has writes it out as %E4…, or stands in angle brackets.
_CJK = (
    "\u2014\u2018\u2019\u201c\u201d\u2026\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"
)
_NOT_IN_LINKS = rf"\s<>()\[\]\"'|{_CJK}"
_BARE_LINK = re.compile(
    rf"(?<![A-Za-z0-9_(<\[\"'=])(https?://[^{_NOT_IN_LINKS}]{{3,300}}[^{_NOT_IN_LINKS}.,;:!?*~])",
)


@dataclass(frozen=True)
class Picture:
    """What the renderer needs of one of our pictures; width and height are those of the largest version."""

    id: int
    widths: tuple[int, ...]
    width: int
    height: int

    def address(self, width: int) -> str:
        return f"/pictures/{self.id}/{width}.webp"

    @property
    def shown(self) -> tuple[int, int]:
        """How large it stands in the text, so that its room is kept while it loads."""
        scale = min(1, WIDEST / self.width, TALLEST / self.height)
        return max(1, round(self.width * scale)), max(1, round(self.height * scale))


def check_source(source: str) -> str:
    """The text may be rendered, or Invalid says which limit it passes."""
    text = source.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text.encode()) > MOST_BYTES:
        raise Invalid(
            _("This text is longer than 20,000 bytes. Please shorten it or link to the rest."), fields={"body": "long"}
        )
    # A link that is written out is one, with its address inside.
    if text.count("](") + text.count("http") - text.count("](http") > MOST_LINKS:
        raise Invalid(_("At most 50 links fit into one text."), fields={"body": "links"})
    if text.count("|") > MOST_CELLS or text.count("[") > MOST_BRACKETS:
        raise Invalid(_("This table or list of links is too large. Please split it."), fields={"body": "cells"})
    return text


def render(source: str, *, pictures: Mapping[int, Picture] | None = None, people: Mapping[str, str] | None = None) -> str:
    """Safe HTML of a Markdown text; the same text, pictures and people always give the same HTML.

    pictures: those of ours that belong to this text, by id. people: the username of each who may be named, by itself.
    """
    linked = _BARE_LINK.sub(r"<\1>", source) if "`" not in source else source
    html = _markdown.render(linked, {"pictures": pictures or {}, "people": people or {}})
    html = html.replace("<h1>", "<h3>").replace("</h1>", "</h3>").replace("<h2>", "<h3>")
    return nh3.clean(
        html.replace("</h2>", "</h3>"),
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_only_ours,
        allowed_classes=CLASSES,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener",
    )


def _only_ours(tag: str, name: str, value: str) -> str | None:
    """Whatever a text brings about: what a page loads by itself comes from here."""
    if tag == "img" and name in ("src", "srcset"):
        parts = [part.split()[0] for part in value.split(",") if part.split()]
        return value if parts and all(OUR_PICTURE.fullmatch(part) for part in parts) else None
    return value


def picture_id(address: str) -> int | None:
    """Which of our pictures the address is of, or None for one elsewhere."""
    found = OUR_PICTURE.fullmatch(address.removeprefix(settings.SITE_URL))
    return int(found[1]) if found else None


def pictures_in(source: str) -> dict[int, str]:
    """The pictures of ours that a text shows, by id, each with the words for it."""
    found: dict[int, str] = {}
    for block in _markdown.parse(source, {"pictures": {}, "people": {}, "keep_images": True}):
        for token in block.children or []:
            number = picture_id(str(token.attrGet("src") or "")) if token.type == "image" else None
            if number is not None:
                words = _markdown.renderer.renderInlineAsText(token.children or [], _markdown.options, {})
                found[number] = found.get(number) or words.strip()
    return found


def picture_links(source: str, most: int = 3) -> list[tuple[str, str]]:
    """The first pictures of a text for a mail: their words and their addresses, which ask who may see them."""
    found = pictures_in(source) if "/pictures/" in source else {}
    return [(words, f"{settings.SITE_URL}/pictures/{number}/") for number, words in found.items() if words][:most]


def _dress(state: StateCore) -> None:
    """Pictures are shown or become links, and people who are named are linked; code and links stay as they are."""
    for block in state.tokens:
        if block.type == "inline" and not state.env.get("keep_images"):
            block.children = _dressed(block.children or [], state)


def _dressed(tokens: list[Token], state: StateCore) -> list[Token]:
    inside, made = 0, []
    for token in tokens:
        inside += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type == "image":
            made += _picture(token, state, linked=inside > 0)
        elif token.type == "text" and not inside and state.env["people"]:
            made += _named(token, state.env["people"])
        else:
            made.append(token)
    return made


def _picture(token: Token, state: StateCore, *, linked: bool) -> list[Token]:
    """The picture with a link to its largest version; a link alone where it is not this text's."""
    source = str(token.attrGet("src") or "")
    words = state.md.renderer.renderInlineAsText(token.children or [], state.md.options, state.env)
    number = picture_id(source)
    picture: Picture | None = state.env["pictures"].get(number)
    if picture is None:
        text = Token("text", "", 0, content=words or source)
        return [text] if linked else _link(source, [text])
    width, height = picture.shown
    token.attrs = {
        "src": picture.address(next((w for w in picture.widths if w >= width), picture.widths[-1])),
        "srcset": ", ".join(f"{picture.address(w)} {w}w" for w in picture.widths),
        "sizes": f"min(100vw, {width}px)",
        "width": width,
        "height": height,
        "loading": "lazy",
        "decoding": "async",
        "alt": "",
    }
    # A link needs words; what is only decoration leads nowhere.
    return [token] if linked or not words.strip() else _link(picture.address(picture.widths[-1]), [token])


def _named(token: Token, people: Mapping[str, str]) -> list[Token]:
    made, done, words = [], 0, token.content
    for found in NAMED.finditer(words):
        name = name_in(found[1], people)
        if name:
            made += [Token("text", "", 0, content=words[done : found.start()])]
            shown = Token("text", "", 0, content="@" + found[1][: len(name)])
            made += _link(f"/members/{people[name]}/", [shown], {"class": "named"})
            done = found.start() + 1 + len(name)
    return [*made, Token("text", "", 0, content=words[done:])] if made else [token]


def _link(address: str, inside: list[Token], more: Mapping[str, str] | None = None) -> list[Token]:
    attributes: dict[str, str | int | float] = {"href": address, **(more or {})}
    return [Token("link_open", "a", 1, attrs=attributes), *inside, Token("link_close", "a", -1)]


_markdown.core.ruler.after("text_join", "dress", _dress)


def render_imported(source: str) -> tuple[str, str]:
    """Text and safe HTML of what came from elsewhere: past the limits it is shown as plain text, never lost."""
    try:
        text = check_source(source)
    except Invalid:
        text = source.replace("\x00", "").strip()
        return text, linebreaks(escape(text))
    return text, render(text)


def plain(source: str, length: int = 160) -> str:
    """The first words of a Markdown text, without its signs, for previews and mails; plain text, not HTML."""
    words = " ".join(unescape(nh3.clean(render(source), tags=set())).split())
    return words if len(words) <= length else words[: length - 1].rstrip() + "…"
