"""What feedback shows on community's pages: votes, statuses, scores, and the fields of a wish."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from community.models import Post, PostKind, Standing
from community.personas import question_for
from community.rendering import plain
from community.slots import slot
from feedback import growth_slots, score_slots  # noqa: F401 - status, answer, growth and score fill their slots there
from feedback.growth import status_sign
from feedback.models import Need, Status, Suggestion, Vote
from feedback.models.suggestion import GROWING
from feedback.own_votes import OwnVotes, own_votes

WISHES = (PostKind.SUGGESTION, PostKind.BUG)


def draw(request: HttpRequest, template: str, **context: Any) -> str:
    return render_to_string(f"feedback/{template}", context, request)


def votes_of_rows(request: HttpRequest, rows: Sequence[Standing]) -> OwnVotes:
    return own_votes(request.user, [row.post_id for row in rows])


@slot("row_vote", prepare=votes_of_rows)
def row_vote(request: HttpRequest, row: Standing, mine: OwnVotes) -> str:
    """The vote button of a row; talk has none."""
    if row.kind not in WISHES:
        return ""
    return draw(
        request,
        "_vote.html",
        post=row.post,
        votes=mine.shown(row.post_id, row.votes),
        voted=row.post_id in mine.needs,
        done=row.status == Status.SHIPPED,
    )


@slot("row_status")
def row_status(_request: HttpRequest, row: Standing, _prepared: None) -> str:
    """How far it has grown."""
    return status_sign(row.status)


@slot("post_status")
def post_status(_request: HttpRequest, post: Post, _prepared: None) -> str:
    """The status above the title."""
    return status_sign(post.standing.status)


@slot("bed")
def bed(request: HttpRequest, counts: Mapping[str, int], _prepared: None) -> str:
    """Six plants on one ground line, with how many stand at each stage."""
    return draw(request, "_bed.html", stages=[(status, counts.get(status.value, 0)) for status in GROWING])


@slot("status_picks")
def status_picks(request: HttpRequest, picks: Mapping[str, Any], _prepared: None) -> str:
    """The statuses to choose from; those nothing is in are left out, unless chosen."""
    counts, chosen = picks["counts"], picks["wanted"].status
    stages = [(status, counts.get(status.value, 0)) for status in Status if counts.get(status.value) or status.value == chosen]
    return draw(request, "_status_picks.html", stages=stages, **picks)


@slot("search_status")
def search_status(request: HttpRequest, chosen: str, _prepared: None) -> str:
    """The statuses a search can be narrowed to."""
    return draw(request, "_search_status.html", statuses=Status.choices, chosen=chosen)


def label_of(status: str) -> str:
    """The word of a status; a code nobody knows stands for itself."""
    return str(Status(status).label) if status in Status.values else status


@slot("row_score")
def row_score(request: HttpRequest, row: Standing, _prepared: None) -> str:
    """The score, one press away from its reasons."""
    return draw(request, "_row_score.html", row=row) if row.score and row.kind in WISHES else ""


@slot("list_aside")
def list_aside(request: HttpRequest, _wanted: Any, _prepared: None) -> str:
    """What became of the member's own votes."""
    if not request.user.is_authenticated:
        return ""
    mine = Vote.objects.standing().filter(member=request.user.pk).values_list("suggestion__root__status", flat=True)
    statuses = list(mine)
    return draw(request, "_own_votes.html", total=len(statuses), shipped=statuses.count(Status.SHIPPED)) if statuses else ""


def votes_of_posts(request: HttpRequest, posts: Sequence[Post]) -> OwnVotes:
    return own_votes(request.user, [post.pk for post in posts])


@slot("post_vote", prepare=votes_of_posts)
def post_vote(request: HttpRequest, post: Post, mine: OwnVotes) -> str:
    """The wide vote button under the title."""
    if post.kind not in WISHES:
        return ""
    votes = mine.shown(post.pk, post.standing.votes)
    return draw(
        request,
        "_vote.html",
        post=post,
        votes=votes,
        voted=post.pk in mine.needs,
        wide=True,
        imported=post.standing.imported_votes,
        done=post.standing.status == Status.SHIPPED,
    )


@slot("post_voted", prepare=votes_of_posts)
def post_voted(request: HttpRequest, post: Post, mine: OwnVotes) -> str:
    """After the vote: how much they need it and, once, which kind of user they are."""
    if post.kind not in WISHES:
        return ""
    voted = post.pk in mine.needs and post.standing.status != Status.SHIPPED
    return draw(
        request, "_voted.html", post=post, voted=voted, need=mine.needs.get(post.pk), needs=Need.choices,
        personas=question_for(request) if voted else [], next=post.get_absolute_url(),
    )  # fmt: skip


@slot("compose_similar")
def compose_similar(request: HttpRequest, form: Any, _prepared: None) -> str:
    """The box that fills while somebody types a wish."""
    if form.chosen_kind not in WISHES:
        return ""
    return draw(request, "_similar_box.html", form=form)


@slot("compose_fields")
def compose_fields(request: HttpRequest, extras: Mapping[str, str], _prepared: None) -> str:
    """How much the author would miss it; only a wish is missed."""
    if extras.get("kind", PostKind.SUGGESTION) not in WISHES:
        return ""
    return draw(request, "_compose_fields.html", needs=Need.choices, chosen=str(extras.get("need", Need.NICE.value)))


@slot("home_aside", order=20)
def latest_answer(request: HttpRequest, _product: Any, _prepared: None) -> str:
    """What the team answered last, by whom, in their own words."""
    answered = Suggestion.objects.visible_to(request.user).canonical().exclude(answer="").filter(answered_at__isnull=False)
    latest = answered.select_related("post", "answered_by").order_by("-answered_at").first()
    if latest is None or latest.answered_by is None:
        return ""
    return draw(request, "_latest_answer.html", suggestion=latest, words=plain(latest.answer, 180))
