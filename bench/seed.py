"""The seed set of duplicates in two scripts and two languages, and the crowd of other wishes around it.

`dup_seed.tsv` holds 40 wishes in five phrasings each. `distractors()` makes 1,400 wishes of the same field from a
grammar of 30 objects × 20 complaints: 600 in simplified Chinese, 400 in traditional, 400 in English.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from opencc import OpenCC

OBJECTS = (
    ("相机", "camera"), ("闹钟", "alarm clock"), ("日历", "calendar"), ("天气", "weather app"), ("浏览器", "browser"),
    ("输入法", "keyboard"), ("录音机", "voice recorder"), ("计算器", "calculator"), ("相册", "gallery"),
    ("通讯录", "contacts list"), ("通知栏", "notification shade"), ("桌面", "home screen"), ("锁屏", "lock screen"),
    ("蓝牙", "bluetooth"), ("指纹", "fingerprint reader"), ("充电", "charging"), ("手电筒", "flashlight"),
    ("视频播放器", "video player"), ("文件管理", "file manager"), ("短信", "text messages"), ("拨号", "dialer"),
    ("地图", "map"), ("音乐", "music player"), ("邮件", "mail"), ("便签", "notes"), ("钱包", "wallet"),
    ("健康", "health app"), ("遥控器", "remote control"), ("应用商店", "app store"), ("主题商店", "theme store"),
)  # fmt: skip
COMPLAINTS = (
    ("{}用着用着就闪退", "The {} crashes while I use it"),
    ("{}的翻译有错别字", "Typing errors in the translation of the {}"),
    ("{}希望支持平板横屏", "Landscape layout for the {} on tablets"),
    ("{}里没有声音", "No sound in the {}"),
    ("{}页面卡顿不流畅", "The {} stutters when scrolling"),
    ("{}希望能同步到手表", "Sync the {} with my watch"),
    ("{}的颜色太鲜艳", "Colours in the {} are too bright"),
    ("{}希望增加教程", "Add a tutorial for the {}"),
    ("{}经常弹出评分窗口", "The {} keeps asking for a rating"),
    ("{}希望支持语音控制", "Voice control for the {}"),
    ("{}耗电太多", "The {} drains too much power"),
    ("{}占用空间太大", "The {} takes too much storage"),
    ("{}搜索不准确", "Search in the {} is not accurate"),
    ("{}希望能导出数据", "Export data from the {}"),
    ("{}不能撤销误操作", "No undo in the {}"),
    ("{}希望适配折叠屏", "Make the {} fit folding phones"),
    ("{}入口藏得太深", "The {} is hidden too deep in the menus"),
    ("{}希望支持双卡", "Two SIM cards in the {}"),
    ("{}的振动太强", "Vibration of the {} is too strong"),
    ("{}重启以后设置丢失", "The {} forgets its settings after a restart"),
)
DIRECTIONS = (
    ("en", "zh-Hans"), ("en", "zh-Hant"), ("zh-Hans", "en"), ("zh-Hant", "zh-Hans"), ("zh-Hans", "zh-Hant"), ("mix", "en"),
)  # fmt: skip


@dataclass(frozen=True)
class Phrasing:
    """One text of the seed set: its cluster, its language and script, and its words."""

    cluster: int
    language: str
    text: str


def phrasings() -> list[Phrasing]:
    """The 200 texts of the seed set, in the order of the file."""
    lines = Path(__file__).with_name("dup_seed.tsv").read_text(encoding="utf-8").splitlines()[1:]
    rows = [line.split("\t") for line in lines]
    return [Phrasing(int(cluster), language, text) for cluster, language, text in rows]


def distractors() -> list[str]:
    """1,400 further wishes, always the same; a few read alike in both scripts."""
    pairs = [(zh.format(thing), en.format(name)) for zh, en in COMPLAINTS for thing, name in OBJECTS]
    traditional = OpenCC("s2t")
    # Every third is written in one script only, so that 400 of the 600 have a traditional and an English sister.
    sisters = [pair for at, pair in enumerate(pairs) if at % 3]
    return [zh for zh, _ in pairs] + [traditional.convert(zh) for zh, _ in sisters] + [en for _, en in sisters]


def hit_rates(rows: Sequence[Phrasing], ask: Callable[[Phrasing], Sequence[int]]) -> dict[str, float]:
    """Share of texts with any other text of their cluster among the first five, and the same by direction.

    ask: phrasing → positions in `rows`, best first; positions beyond are distractors.
    """
    hits: dict[str, list[bool]] = defaultdict(list)
    for at, row in enumerate(rows):
        five = [other for other in ask(row) if other != at][:5]
        found = [rows[other] for other in five if other < len(rows) and rows[other].cluster == row.cluster]
        hits["any"].append(bool(found))
        for source, target in DIRECTIONS:
            if row.language == source:
                hits[f"{source} → {target}"].append(any(other.language == target for other in found))
    return {name: sum(seen) / len(seen) for name, seen in hits.items()}
