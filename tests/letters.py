"""Reading mails in tests: their headers, their HTML as a tree, their text."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser


def parsed(letter) -> EmailMessage:
    """The mail as a mail program gets it: through its bytes."""
    return message_from_bytes(letter.message().as_bytes(), policy=policy.default)


def html_of(letter) -> str:
    return parsed(letter).get_body(("html",)).get_content()


def text_of(letter) -> str:
    return parsed(letter).get_body(("plain",)).get_content()


class Tree(HTMLParser):
    """What is in the HTML: tags, links and the text one reads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)

    @property
    def links(self) -> list[str]:
        return [attrs["href"] or "" for tag, attrs in self.tags if tag == "a"]

    @property
    def read(self) -> str:
        return " ".join(" ".join(self.words).split())

    def names(self) -> set[str]:
        return {tag for tag, _ in self.tags}
