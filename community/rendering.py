"""Markdown becomes HTML that cannot run: markdown-it without raw HTML, then nh3's allow-list.

Limits come from measured cost (research on reliability, 3.3): a 2,000 × 50 table took 5.8 s, 50,000 brackets 1.8 s.
"""

import re
from html import unescape

import nh3
from django.utils.html import escape, linebreaks
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from community.refusals import Invalid

RENDERER = 1
MOST_BYTES = 20_000
MOST_LINKS = 50
MOST_CELLS = 500
MOST_BRACKETS = 400

TAGS = {
    "p", "br", "hr", "strong", "em", "s", "del", "code", "pre", "blockquote", "ul", "ol", "li", "a", "h3", "h4", "h5", "h6",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "th": {"align"}, "td": {"align"}}
_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": False}).enable(["table", "strikethrough"])
# A picture elsewhere would tell that server who reads here; it becomes a link.
_markdown.disable("image")
_BARE_LINK = re.compile(r"(?<![\w(<\[\"'=])(https?://[^\s<>()\[\]\"']{3,300}[^\s<>()\[\]\"'.,;:!?。，；：！？])")


def check_source(source: str) -> str:
    """The text may be rendered, or Invalid says which limit it passes."""
    text = source.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(text.encode()) > MOST_BYTES:
        raise Invalid(
            _("This text is longer than 20,000 bytes. Please shorten it or link to the rest."), fields={"body": "long"}
        )
    if text.count("](") + text.count("http") > MOST_LINKS:
        raise Invalid(_("At most 50 links fit into one text."), fields={"body": "links"})
    if text.count("|") > MOST_CELLS or text.count("[") > MOST_BRACKETS:
        raise Invalid(_("This table or list of links is too large. Please split it."), fields={"body": "cells"})
    return text


def render(source: str) -> str:
    """Safe HTML of a Markdown text; the same text always gives the same HTML."""
    linked = _BARE_LINK.sub(r"<\1>", source) if "`" not in source else source
    html = _markdown.render(linked).replace("<h1>", "<h3>").replace("</h1>", "</h3>").replace("<h2>", "<h3>")
    return nh3.clean(
        html.replace("</h2>", "</h3>"),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener",
    )


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
