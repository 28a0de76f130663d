"""Pictures that come along with a form, where no script has put them into the text: they stand in it, to be described."""

import re
from functools import update_wrapper
from typing import cast

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from community.models import Member
from community.pictures.attachments import MOST_PER_TEXT, add_picture, mark_decorative, markdown_of, tame
from community.refusals import Refused
from community.views.pages import P, View, member_of
from community.views.pictures import heavy

BESIDE = re.compile(r"alt-\d{1,18}")
_IN_TEXT = re.compile(r"!\[((?:[^\[\]\\]|\\.)*)\]\(((?:https?://[^/\s)]+)?/pictures/(\d{1,18})/)\)([ \t]*)")


def with_pictures(view: View[P]) -> View[P]:
    """What is posted to the view has its pictures in the text; where some came along, its form asks for their words first."""

    def page(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method == "POST":
            request.POST = take_pictures(request)  # type: ignore[assignment]
        return view(request, *args, **kwargs)

    return cast(View[P], update_wrapper(page, view))


def take_pictures(request: HttpRequest) -> QueryDict:
    """The form with new pictures at the end of its text, the words beside each put where they belong, and unwanted ones gone."""
    data, member = request.POST.copy(), member_of(request)
    data.pop("pictures_again", None)
    body = str(data.get("body", ""))
    added, faults = _added(request, member) if request.FILES or getattr(request, "too_heavy", False) else ("", [])
    if "add_pictures" in data and not added and not faults:
        faults = [_("Please choose a picture first.")]
    drop = str(data.get("drop", ""))
    if member is not None:
        _mark(data, member)
    body = _described(body, data, drop)
    if added or drop or any(BESIDE.fullmatch(name) for name in data):
        data["body"] = f"{body.rstrip()}\n\n{added}".lstrip() if added else body
    if added or faults or drop:
        data["pictures_again"] = "1"
    request.picture_faults = faults  # type: ignore[attr-defined]
    for name in [name for name in data if BESIDE.fullmatch(name) or name in ("decorative", "drop", "add_pictures")]:
        # The rest of the form is not about pictures, and higher apps read all of it.
        del data[name]
    return data


def _added(request: HttpRequest, member: Member | None) -> tuple[str, list[str]]:
    if member is None:
        return "", [_("Pictures can be added once you are signed in. What you typed is still here.")]
    lines: list[str] = []
    faults = [heavy()] if getattr(request, "too_heavy", False) else []
    for given in request.FILES.getlist("pictures")[:MOST_PER_TEXT]:
        try:
            made = add_picture(owner=member, data=given.read(), filename=given.name or "", at=timezone.now())
        except Refused as refusal:
            faults.append(f"{(given.name or '')[:60]}: {refusal.sentence}".lstrip(": "))
        else:
            lines.append(markdown_of(made))
    return "\n\n".join(lines), faults


def _mark(data: QueryDict, member: Member) -> None:
    """Which of the pictures beside the text are only decoration."""
    beside = {int(name[4:]) for name in data if BESIDE.fullmatch(name)}
    plain = {int(number) for number in data.getlist("decorative") if re.fullmatch(r"\d{1,18}", number)} & beside
    if beside:
        mark_decorative(pictures=plain, owner=member, decorative=True)
        mark_decorative(pictures=beside - plain, owner=member, decorative=False)


def _described(body: str, data: QueryDict, drop: str) -> str:
    """Each picture in the text with the words typed beside it."""

    def again(found: "re.Match[str]") -> str:
        words, address, number, gap = found.groups()
        if number == drop:
            return ""
        typed = data.get(f"alt-{number}")
        if number in data.getlist("decorative"):
            typed = ""
        elif typed is None:
            return found[0]
        return f"![{tame(str(typed))}]({address}){gap}" if tame(str(typed)) != words else found[0]

    return _IN_TEXT.sub(again, body)
