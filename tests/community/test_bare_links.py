"""Where an address that somebody just wrote begins and ends."""

import re

import pytest

from community import rendering

HOME = "https://example.org"


def links(source: str) -> list[str]:
    """The addresses of a text, each only if it reads as it leads."""
    found = re.findall(r'<a href="([^"]*)"[^>]*>([^<]*)</a>', rendering.render(source))
    assert all(address == words for address, words in found)
    return [address for address, _words in found]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (f"请看{HOME}。希望下一版有。", [HOME]),
        (f"見{HOME}/a，{HOME}/b、{HOME}/c；謝謝", [f"{HOME}/a", f"{HOME}/b", f"{HOME}/c"]),
        (f"（{HOME}/issues/7）", [f"{HOME}/issues/7"]),
        (f"「{HOME}/路」", [f"{HOME}/"]),
        (f"他说“{HOME}”。", [HOME]),
        (f"{HOME}希望能修好", [HOME]),
        (f"{HOME}/a?b=1&c=2这里", [f"{HOME}/a?b=1&amp;c=2"]),
        (f"{HOME}/posts/12/#comments——就是这个", [f"{HOME}/posts/12/#comments"]),
        (f"{HOME}を見て", [HOME]),
        (f"{HOME}에서", [HOME]),
        (f"{HOME}/a\u3000{HOME}/b", [f"{HOME}/a", f"{HOME}/b"]),
        (f"{HOME}!完", [HOME]),
        (f"{HOME}/𠮷野家", [f"{HOME}/"]),
    ],
)
def test_a_bare_link_ends_where_chinese_goes_on(source, found):
    assert links(source) == found


@pytest.mark.parametrize(
    "path", ["/wiki/K%C3%B6ln", "/wiki/Köln", "/wiki/%E6%A0%91", "/?q=%E5%85%85%E7%94%B5", "/~mara/a*b-c_d/"]
)
def test_what_an_address_may_hold_stays_in_it(path):
    assert "</a> there" in rendering.render(f"see {HOME}{path} there")


def test_who_means_the_chinese_signs_says_so_with_angle_brackets():
    assert rendering.render(f"<{HOME}/路>希望").count("</a>希望") == 1


@pytest.mark.parametrize(
    ("source", "html"),
    [
        (f"**{HOME}** is it", f">{HOME}</a></strong> is it"),
        (f"~~{HOME}/old~~", f">{HOME}/old</a></s>"),
        (f"|a|b|\n|-|-|\n|{HOME}|2|", f">{HOME}</a></td>"),
        (f"x{HOME}", f"<p>x{HOME}</p>"),
    ],
)
def test_signs_of_markdown_around_it_stay_signs(source, html):
    assert html in rendering.render(source)
