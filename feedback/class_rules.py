"""What texts say outright: words that speak for a kind or a severity before anybody has decided anything."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from community.words import RUNS, bare, fold, is_unspaced

IN_TITLE, IN_BODY, MOST = 1.3, 0.6, 3.0


@dataclass(frozen=True)
class Rules:
    """Phrases that speak for labels, and which label is likely where nothing speaks. Forces are log-odds."""

    phrases: Mapping[str, Iterable[str]]
    lean: Mapping[str, float] = field(default_factory=dict)

    def forces(self, title: str, body: str, labels: Sequence[str]) -> list[float]:
        """How much speaks for each label."""
        said = _spaced(title), _spaced(body)
        return [self.lean.get(label, 0.0) + min(MOST, sum(self._told(said, label).values())) for label in labels]

    def reasons(self, title: str, body: str, label: str) -> dict[str, float]:
        """The phrases that speak for the label, and how much each does."""
        return self._told((_spaced(title), _spaced(body)), label)

    def _told(self, said: tuple[str, str], label: str) -> dict[str, float]:
        title, body = said
        told = {}
        # Forms of one word count once.
        for wanted, phrase in {_wanted(phrase): phrase for phrase in self.phrases.get(label, ())}.items():
            if wanted in title:
                told[phrase] = IN_TITLE
            elif wanted in body:
                told[phrase] = IN_BODY
        return told


@lru_cache(maxsize=64)
def _spaced(text: str) -> str:
    """The text as bare words between spaces, Han runs whole; question marks count as words."""
    folded = fold(text).replace("?", " questionmark ")
    return f" {' '.join(run if is_unspaced(run) else bare(run) for run in RUNS.findall(folded))} "


@lru_cache(maxsize=1_000)
def _wanted(phrase: str) -> str:
    spaced = _spaced(phrase)
    return spaced.strip() if is_unspaced(spaced.strip()) else spaced


def _phrases(english: str, chinese: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for phrase in f"{english},{chinese.replace(' ', ',')}".split(",") if phrase.strip())


KINDS = Rules(
    {
        "bug": _phrases(
            """bug, crash, crashes, crashed, error, exception, broken, freezes, frozen, hangs, fails, failed, failure, does not work,
            doesn't work, not working, stopped working, no longer works, regression, reboots, restarts by itself, glitch, wrong,
            incorrect, steps to reproduce, expected behavior, actual behavior, since the update, after the update, black screen,
            drains, overheats, unexpectedly, traceback, segfault, unable to""",
            "闪退 崩溃 死机 卡死 报错 错误 故障 异常 重启 失灵 没反应 无响应 无法 不能用 失败 坏了 黑屏 花屏 白屏 卡顿 发烫 掉电 更新后 升级后 复现",
        ),
        "suggestion": _phrases(
            """please add, add support, support for, feature request, feature, would be nice, would be great, it would help, i wish, i would
            like, i'd like, would love, suggestion, suggest, proposal, option to, a way to, ability to, allow, let me, let us, could you
            add, enhancement, improve, make it possible, should be able, bring back, instead of""",
            "建议 希望 能不能加 增加 添加 加入 支持 改进 优化 最好 如果能 要是能 可以加 想要 期待 功能 提议 增设 建设 能否增加",
        ),
        "question": _phrases(
            """how do i, how can i, how to, how does, what is, what does, why is, why does, where can i, where is, is it possible, is there
            a way, can i, can someone, does anyone, anyone know, question, which one, any idea, help me, confused, ?""",
            "怎么 如何 请问 为什么 什么时候 哪里 是否 有没有人 吗 咨询 求助 请教 怎样 能不能告诉 何时",
        ),
        "discussion": _phrases(
            "what do you think, what do you all, your thoughts, discussion, discuss, opinions, let us talk, share your, how do you use",
            "大家觉得 大家怎么看 怎么看 如何看待 讨论 聊聊 说说 看法 分享一下 你们怎么",
        ),
    },
    {"suggestion": 0.3, "discussion": -0.4},
)
SEVERITIES = Rules(
    {
        "8": _phrases(
            """caught fire, on fire, battery fire, fire, smoke, smoking, explode, exploded, explosion, burned, burnt, burning, swollen battery,
            battery swelling, electric shock, data loss, lost all, lost my data, all my photos, deleted everything, wiped, bricked, brick,
            will not turn on, won't turn on, does not turn on, emergency call, security hole, vulnerability, leaks my, injury""",
            "起火 着火 冒烟 爆炸 燃烧 烧伤 烫伤 鼓包 触电 漏电 数据丢失 资料丢失 照片全没 全部丢失 变砖 无法开机 开不了机 紧急呼叫 泄露 漏洞 受伤",
        ),
        "4": _phrases(
            """crash, crashes, crashed, freeze, freezes, frozen, hangs, reboots, restarts by itself, boot loop, cannot call, no signal, does not
            charge, won't charge, stopped working, does not work, unusable, black screen, overheats, drains, every time, cannot unlock, segfault""",
            "闪退 崩溃 死机 卡死 重启 循环重启 不能充电 无法充电 没有信号 无法使用 不能用 黑屏 发烫 过热 掉电 打不开 无法解锁 每次都",
        ),
        "1": _phrases(
            """typo, spelling, misspelled, misaligned, cosmetic, wording, translation, pixel, colour, color, icon, slightly, minor, a little,
            tiny, cut off, truncated, alignment""",
            "错别字 错字 拼写 翻译 文案 对齐 颜色 图标 像素 小问题 略微 有点 显示不全",
        ),
    },
    {"2": 1.0},
)


def department_rules(names: Mapping[str, Iterable[str]]) -> Rules:
    """Departments are spoken of by their names, in whichever language."""
    return Rules(
        {label: tuple(name.removesuffix("组").removesuffix("組") for name in of if name) for label, of in names.items()}
    )
