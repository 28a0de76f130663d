"""Quotes: somebody's words with a line above them that says whose they are and leads there. Pure but for the address."""

import re

from community.models import Comment, Post

MOST_LINES, LONGEST = 12, 700
_MARKDOWN = re.compile(r"([\\`*_\[\]<>()#!~|])")
_IMAGE = re.compile(r"!\[((?:[^\[\]\\]|\\.)*)\]\([^()\s]*(?:\([^()\s]*\))?[^()\s]*\)")


def quote(written: Post | Comment) -> str:
    """The words of a post or comment as a Markdown quote, with room for an answer below it.

    What they quoted themselves is left out, pictures are their words, and what is long is cut.
    """
    lines = [line.rstrip() for line in written.body.replace("\r", "").split("\n") if not line.lstrip().startswith(">")]
    words = _IMAGE.sub(lambda found: found[1], "\n".join(lines)).strip()
    words = re.sub(r"\n{3,}", "\n\n", words)
    shown = words.split("\n")[:MOST_LINES]
    told = "\n".join(shown)[:LONGEST]
    if len(told) < len(words):
        told = told.rstrip() + "…"
    # A fence that was cut open would swallow the answer.
    told += "\n```" if told.count("```") % 2 else ""
    quoted = "\n".join(f"> {line}".rstrip() for line in told.split("\n"))
    return f"> {attribution(written)}\n>\n{quoted}\n\n"


def attribution(written: Post | Comment) -> str:
    """Whose words they are, as a link to them: `[Mara](/comments/7/):`."""
    what = "comments" if isinstance(written, Comment) else "posts"
    name = _MARKDOWN.sub(r"\\\1", " ".join(str(written.author).split()))
    return f"[{name}](/{what}/{written.pk}/):"
