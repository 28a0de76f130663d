"""The interface speaks Simplified and Traditional Chinese, whole and in their own words."""

import gettext
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation
from opencc import OpenCC

from tests.conftest import missing

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("community", "config", "feedback", "rewards", "templates", "locale")
CHINESE = ("zh_Hans", "zh_Hant")
HAN = "[一-鿿]"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}|</?\w+[^>]*>")
# Written so in Taiwan as well, though the converter would write another sign.
ALSO_TRADITIONAL = {"台"}
MAINLAND = "用户 登錄 登录 信息 視頻 默認 鏈接 反饋 郵箱 版塊 網絡 屏幕 賬號 帖子 用戶 評論 設置 後臺 釋出 許可權".split()


@dataclass
class Entry:
    """One message of a .po file."""

    context: str | None = None
    source: str = ""
    plural: str | None = None
    said: dict[int, str] = field(default_factory=dict)
    fuzzy: bool = False

    @property
    def key(self) -> str:
        return self.source if self.context is None else f"{self.context}\x04{self.source}"


WORDS = re.compile(r'^(msgctxt|msgid_plural|msgid|msgstr)(?:\[(\d)\])? "(.*)"$')
ESCAPES = {"\\n": "\n", "\\t": "\t", '\\"': '"', "\\\\": "\\"}


def read_catalogue(path: Path) -> dict[str, Entry]:
    """Every message of a .po file by its key; each string stands on one line (makemessages --no-wrap) or goes on below."""
    entries: dict[str, Entry] = {}
    for block in path.read_text().split("\n\n"):
        entry, slot = Entry(fuzzy="\n#, fuzzy" in f"\n{block}"), ("msgid", 0)
        for line in block.splitlines():
            if found := WORDS.match(line):
                slot = (found[1], int(found[2] or 0))
                add_words(entry, slot, found[3])
            elif line.startswith('"'):
                add_words(entry, slot, line[1:-1])
        if entry.source:
            entries[entry.key] = entry
    return entries


def add_words(entry: Entry, slot: tuple[str, int], raw: str) -> None:
    words = re.sub(r'\\[nt"\\]', lambda found: ESCAPES[found[0]], raw)
    match slot[0]:
        case "msgctxt":
            entry.context = (entry.context or "") + words
        case "msgid":
            entry.source += words
        case "msgid_plural":
            entry.plural = (entry.plural or "") + words
        case _:
            entry.said[slot[1]] = entry.said.get(slot[1], "") + words


def folder_of(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES"


@cache
def catalogue(language: str) -> dict[str, Entry]:
    return read_catalogue(folder_of(language) / "django.po")


def sayings(language: str) -> list[tuple[str, str]]:
    return [(entry.plural or entry.source, entry.said[0]) for entry in catalogue(language).values()]


def test_every_language_but_english_has_a_catalogue():
    offered = {translation.to_locale(code) for code, _name in settings.LANGUAGES} - {"en"}
    assert offered == set(CHINESE) == {path.name for path in (ROOT / "locale").iterdir()}


@pytest.mark.parametrize("language", CHINESE)
def test_every_message_is_translated_and_none_by_guess(language):
    entries = catalogue(language).values()
    assert len(entries) > 800
    assert not [entry.key for entry in entries if entry.fuzzy or set(entry.said) != {0} or not entry.said[0]]


def test_both_ways_of_writing_know_the_same_messages():
    assert list(catalogue("zh_Hans")) == list(catalogue("zh_Hant"))


@pytest.mark.parametrize("language", CHINESE)
def test_placeholders_and_tags_come_through(language):
    lost = {
        source: words
        for source, words in sayings(language)
        if sorted(PLACEHOLDER.findall(source)) != sorted(PLACEHOLDER.findall(words))
    }
    assert not lost


@pytest.mark.parametrize("language", CHINESE)
def test_the_compiled_catalogue_says_what_the_readable_one_says(language):
    with (folder_of(language) / "django.mo").open("rb") as compiled:
        held = gettext.GNUTranslations(compiled)._catalog
    held.pop("")
    assert held == {(key, 0) if entry.plural else key: entry.said[0] for key, entry in catalogue(language).items()}


def test_no_message_of_the_source_is_missing_from_the_catalogues(tmp_path):
    if not shutil.which("xgettext"):
        missing("gettext", "no xgettext: install gettext")
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    collect_messages(tmp_path)
    for language in CHINESE:
        found = read_catalogue(tmp_path / "locale" / language / "LC_MESSAGES" / "django.po")
        differing = sorted(found.keys() ^ catalogue(language).keys())
        assert not differing, "run makemessages, translate, run msgfmt"


def collect_messages(tree: Path) -> None:
    """What `makemessages` finds in this copy of the source is in its catalogues."""
    command = [sys.executable, "-m", "django", "makemessages", "--no-obsolete", "--no-location", "--no-wrap", "-v0"]
    command += [f"--locale={language}" for language in CHINESE]
    surroundings = os.environ | {
        "PYTHONPATH": str(tree),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SPROUT_EMBEDDED": "postgres",
        "SITE_URL": "http://127.0.0.1:8000",
    }
    subprocess.run(command, cwd=tree, env=surroundings, check=True, capture_output=True)


def test_gettext_goes_by_names_that_makemessages_knows():
    renamed = re.compile(r"import n?p?gettext\w* as (?!_$)", re.M)
    sources = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    assert not [path.name for path in sources if renamed.search(path.read_text())]


def foreign_signs(words: str, conversion: str) -> set[str]:
    converter = OpenCC(conversion)
    return {sign for sign in set(words) if converter.convert(sign) != sign}


def test_simplified_chinese_has_no_traditional_sign():
    words = "".join(words for _source, words in sayings("zh_Hans"))
    assert not foreign_signs(words, "t2s")


def test_traditional_chinese_has_no_simplified_sign():
    words = "".join(words for _source, words in sayings("zh_Hant"))
    assert not foreign_signs(words, "s2tw") - ALSO_TRADITIONAL


def test_traditional_chinese_says_it_as_people_in_taiwan_do():
    said = [words for _source, words in sayings("zh_Hant")]
    assert not [words for words in said if any(word in words for word in MAINLAND) or "“" in words]


@pytest.mark.parametrize("language", CHINESE)
def test_readers_are_friends_and_not_addressed_formally(language):
    assert not [words for _source, words in sayings(language) if "您" in words]


@pytest.mark.parametrize("language", CHINESE)
def test_no_chinese_sentence_is_pointed_in_ascii(language):
    pointed = re.compile(rf"{HAN}[.,:;!?]|[.,:;!?]{HAN}|{HAN}.*[.,:;!?]$")
    assert not [words for _source, words in sayings(language) if pointed.search(words)]


@pytest.mark.parametrize("language", CHINESE)
def test_a_sentence_ends_as_a_sentence(language):
    ends = {".": "。！", "?": "？", ":": "：", "…": "…"}
    open_ended = [
        words
        for source, words in sayings(language)
        if source[-1] in ends and not source.endswith("...") and words[-1] not in ends[source[-1]]
    ]
    assert not open_ended


def test_templates_hold_no_word_that_cannot_be_translated():
    bare = {}
    for path in sorted((ROOT / "templates").rglob("*.*")):
        if words := untranslatable(path.read_text()):
            bare[str(path.relative_to(ROOT))] = words
    assert not bare


def untranslatable(source: str) -> list[str]:
    """The words of a template that stand neither in a tag of Django nor in a tag of HTML."""
    for pattern in (
        r"\{#.*?#\}",
        r"\{% block \w*class %\}.*?\{% endblock %\}",
        r"\{% blocktrans.*?endblocktrans %\}",
        r"\{%.*?%\}|\{\{.*?\}\}",
        r"<(style|script|svg)\b.*?</\1>",
    ):
        source = re.sub(pattern, "", source, flags=re.S)
    told = re.findall(r'\s(?:aria-label|placeholder|title|alt)="([^"]*)"', source)
    # Where a tag ends in both branches of an {% if %}, attributes are left over.
    text = re.sub(r"""[\w-]+=("[^"]*"|'[^']*')""", " ", re.sub(r"<[^<>]*>", " ", source))
    words = re.findall(r"[^\W\d_]{2,}", " ".join([text, *told]))
    return [word for word in words if word not in {"Sprout", "you", "example", "com", "nbsp"}]
