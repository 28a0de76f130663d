"""What care asks before a text stands: the table of `rules`, with what the database knows of the writer."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q

from community.care import rules
from community.models import Activity, CarePlan, Comment, Decision, Hold, Post, PostState, Verdict, WatchedWord
from community.privileges import Privilege, has
from community.refusals import Conflict, TooMany
from community.screening import Answer, Text, screens
from community.verbs import Verb

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@screens("care")
def care(text: Text) -> Answer | None:
    """The text stands, waits, or is refused, as the table says. Whoever keeps boards or is of the team is asked nothing, unless limited."""
    if has(text.author, Privilege.MODERATE) and not text.author.is_limited(at=text.at):
        return None
    person, writing = person_of(text), writing_of(text)
    if settings.RATE_LIMITS and (limit := rules.refuse(writing, person)):
        _refuse(*limit)
    found = rules.hold(writing, person, plan_of(text.board.pk), timed=settings.RATE_LIMITS)
    return Answer(tuple(found.reasons), found.signals) if found.reasons else None


def _refuse(code: str, wait: timedelta) -> None:
    sentence = str(rules.REFUSED[code])
    if code == "same-text":
        raise Conflict(sentence, code=code)
    raise TooMany(sentence, retry_after=max(int(wait.total_seconds()), 1))


def plan_of(board_id: int) -> rules.Plan:
    """How careful the board is: its own plan, else the site's, else the table's; with the words that are watched there."""
    plans = {plan.board_id: plan for plan in CarePlan.objects.filter(Q(board=board_id) | Q(board=None))}
    plan = plans.get(board_id) or plans.get(None) or CarePlan()
    words = WatchedWord.objects.filter(Q(board=board_id) | Q(board=None)).order_by("pk").values_list("word", flat=True)
    return rules.Plan(plan.hold_first, plan.hold_new, plan.hold_first_link, plan.links_to_one_host, tuple(words))


def person_of(text: Text) -> rules.Person:
    """What is known of the writer. What waits counts as written; what they took back does, too."""
    author, at = text.author, text.at
    new = author.trust == 0
    if text.edited is not None:
        edited = Activity.objects.filter(actor=author, verb__in=[Verb.POST_EDITED, Verb.COMMENT_EDITED], at__gt=at - DAY)
        edits = edited.count()
        return rules.Person(new, author.is_limited(at=at), new and is_vouched(author.pk), author.joined_at, 1, 0, None, edits)
    mine: Any = _written_by(text)
    moments = list(mine.filter(created_at__gt=at - DAY).order_by("-created_at").values_list("created_at", flat=True)[:50])
    written = len(moments)
    if new and not written:
        written = int(Post.objects.filter(author=author).exists() or Comment.objects.filter(author=author).exists())
    return rules.Person(
        new=new,
        limited=author.is_limited(at=at),
        vouched=new and is_vouched(author.pk),
        joined_at=author.joined_at,
        written=written,
        today=len(moments),
        last_at=moments[0] if moments else None,
    )


def is_vouched(member_id: int) -> bool:
    """A moderator once let a text of theirs through and said that they are to be trusted."""
    return Decision.objects.filter(member=member_id, verdict=Verdict.TRUSTED).exists()


def writing_of(text: Text) -> rules.Writing:
    """The text as the table reads it."""
    said, is_post = f"{text.title}\n{text.body}", text.kind != "comment"
    by_me, by_others = _repetitions(text, rules.links_in(said)) if text.author.trust == 0 else (0, 0)
    return rules.Writing(
        is_post=is_post,
        is_edit=text.edited is not None,
        text=said,
        at=text.at,
        typed_ms=None if text.manner.by == "token" else text.manner.typed_ms,
        trapped=text.manner.trapped,
        by_token=text.manner.by == "token",
        link_by_me=by_me,
        link_by_others=by_others,
        same_text=text.edited is None and _is_said_again(text),
    )


def _written_by(text: Text) -> Any:
    table: Any = Comment if text.kind == "comment" else Post
    return table.objects.filter(author=text.author)


def _is_said_again(text: Text) -> bool:
    lately = _written_by(text).filter(created_at__gt=text.at - rules.SAME_TEXT_WITHIN, body=text.body)
    if text.kind != "comment":
        lately = lately.filter(title=text.title)
    return bool(lately.exclude(state=PostState.DELETED).exists())


def _repetitions(text: Text, links: list[str]) -> tuple[int, int]:
    """How often the most repeated of these links stands in the writer's texts of a day, and in other newcomers' posts of an hour."""
    mine = others = 0
    author = text.author
    for link in dict.fromkeys(links[:5]):
        own = [
            table.objects.filter(author=author, created_at__gt=text.at - DAY, body__contains=link) for table in (Post, Comment)
        ]
        mine = max(mine, sum(rows.count() for rows in own))
        others = max(others, len(_newcomers_with(link, text.at) - {author.pk}))
    return mine, others


def _newcomers_with(link: str, at: datetime) -> set[int]:
    """Who is new and posted this link within the hour, shown or waiting; both are found by an index of what is young."""
    waiting = Hold.objects.open().filter(at__gt=at - HOUR, target_kind="post").values("target_id")
    listed = Q(standing__state=PostState.VISIBLE, standing__folded_into=None, standing__created_at__gt=at - HOUR)
    rows = [Post.objects.filter(listed), Post.objects.filter(pk__in=waiting)]
    return {pk for part in rows for pk in part.filter(author__trust=0, body__contains=link).values_list("author", flat=True)}
