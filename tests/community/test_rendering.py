"""Whatever people write, its HTML cannot run, is always the same, and comes in time."""

import time
from html.parser import HTMLParser

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community import rendering
from community.refusals import Invalid

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](javascript:alert(1))",
    "[x](vbscript:msgbox)",
    '<a href="javascript:alert(1)">x</a>',
    "<svg/onload=alert(1)>",
    "<iframe src=//evil.example></iframe>",
    "<style>*{display:none}</style>",
    '"><script>alert(1)</script>',
    "<math><mtext></p><script>alert(1)</script>",
    "[x](<javascript:alert(1)>)",
    "<javascript:alert(1)>",
    "[a]: javascript:alert(1)\n\n[a]",
    "`<script>`<script>x</script>",
    "<div style='position:fixed'>x</div>",
    "<form action=/me/settings/><button>x</button></form>",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "\x00<scr\x00ipt>alert(1)</scr\x00ipt>",
    "<a onclick=alert(1) href='https://e.org'>x</a>",
]


class Tags(HTMLParser):
    """The elements a browser would make of some HTML, with their attributes."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_survives(text):
    for tag, attributes in Tags(rendering.render(rendering.check_source(text))).found:
        assert tag in rendering.TAGS
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        address = attributes.get("href") or attributes.get("src") or "https://"
        assert address.startswith(("http://", "https://", "mailto:"))


@given(st.text(max_size=400))
def test_rendering_is_steady_and_already_clean(text):
    html = rendering.render(text)
    assert html == rendering.render(text)
    assert nh3.clean(html, tags=rendering.TAGS, attributes=rendering.ATTRIBUTES, link_rel="nofollow ugc noopener") == html


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("**bold** and _soft_", "<strong>bold</strong> and <em>soft</em>"),
        ("- a\n- b", "<li>a</li>"),
        ("# Loud", "<h3>Loud</h3>"),
        ("|a|b|\n|-|-|\n|1|2|", "<td>1</td>"),
        ("~~no~~", "<s>no</s>"),
        ("one\ntwo", "one<br>\ntwo"),
        ("see https://e.org/x?a=1&b=2.", 'href="https://e.org/x?a=1&amp;b=2"'),
        ("`https://e.org`", "<code>https://e.org</code>"),
    ],
)
def test_markdown_reads_as_people_mean_it(source, html):
    assert html in rendering.render(source)


def test_links_lend_no_weight_and_no_opener():
    assert 'rel="nofollow ugc noopener"' in rendering.render("[x](https://e.org)")


@pytest.mark.parametrize(
    "text", ["[" * 19_000, "*" * 19_000, "> " * 9_000, "`" * 19_000, "a_" * 9_000, "![" * 9_000, "<" * 19_000]
)
def test_adversarial_texts_are_refused_or_rendered_within_reason(text):
    started = time.process_time()
    try:
        rendering.render(rendering.check_source(text))
    except Invalid:
        return
    # A guard against runaway growth, far above what any of these takes.
    assert time.process_time() - started < 5


def test_a_preview_is_the_first_words_without_signs():
    assert rendering.plain("**Bold** text\n\n- list", 40) == "Bold text list"
    assert rendering.plain("word " * 100, 20) == "word word word word…"
