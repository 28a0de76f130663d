"""What was decided about oneself, the way to appeal, and whom one would rather not read."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.blocks import block_member, unblock_member
from community.care.appeals import appeal, may_appeal
from community.care.forms import WordsForm
from community.care.rules import APPEAL_WITHIN
from community.care.targets import load_targets
from community.care.views.shared import for_members
from community.care.words import headline, reason
from community.follows import Ear, Thing, listen_to
from community.models import Appeal, Block, Decision, Member, PersonFollow, Verdict
from community.paging import take_page
from community.refusals import Invalid
from community.views.pages import next_of

# That somebody is trusted, or that reports came to nothing, is not said to them.
UNTOLD = (Verdict.TRUSTED, Verdict.DISMISSED)


@require_safe
@for_members
def decisions(request: HttpRequest, member: Member) -> HttpResponse:
    """Everything that was ever decided about the member."""
    rows = Decision.objects.filter(member=member).exclude(verdict__in=UNTOLD)
    page = take_page(rows, order=("-at", "-pk"), after=request.GET.get("after", ""))
    told = [(row, headline(row), reason(row)) for row in page.rows]
    return render(request, "community/care/my_decisions.html", {"told": told, "after": page.after})


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def decision(request: HttpRequest, member: Member, decision_id: int) -> HttpResponse:
    """One decision with its reason, and the form to appeal it."""
    row = get_object_or_404(Decision.objects.filter(member=member).exclude(verdict__in=UNTOLD), pk=decision_id)
    form, at = (
        WordsForm(request.POST if request.method == "POST" else None, label=_("Why do you see it differently?")),
        timezone.now(),
    )
    if request.method == "POST" and form.is_valid():
        try:
            appeal(decision=row, by=member, words=form.cleaned_data["words"], at=at)
        except Invalid as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("Your appeal is in. Somebody else than before will look again, and you hear of it."))
            return HttpResponseRedirect(reverse("my-decision", args=[row.pk]))
    things = load_targets([(row.target_kind, row.target_id)])
    context = {
        "decision": row,
        "headline": headline(row),
        "reason": reason(row),
        "target": things.get((row.target_kind, row.target_id)) if row.target_kind != "member" else None,
        "form": form,
        "open": may_appeal(row, member, at=at),
        "appeal": Appeal.objects.filter(decision=row).select_related("outcome").first(),
        "last_day": row.at + APPEAL_WITHIN,
    }
    return render(request, "community/care/decision.html", context, status=422 if form.errors else 200)


@require_safe
@for_members
def blocks(request: HttpRequest, member: Member) -> HttpResponse:
    """Whom the member blocked or muted, each with the way back."""
    # Who has left is no more heard of, and has no way back.
    here = Member.objects.open()
    blocked = Block.objects.filter(member=member, other__in=here).select_related("other").order_by("-at", "-pk")[:200]
    muted = (
        PersonFollow.objects.filter(member=member, person__in=here, muted=True).select_related("person").order_by("-pk")[:200]
    )
    context = {"blocked": [row.other for row in blocked], "muted": [row.person for row in muted]}
    return render(request, "community/care/blocks.html", context)


def _other(username: str) -> Member:
    return get_object_or_404(Member.objects.open(), username=username)


@require_POST
@for_members
def block(request: HttpRequest, member: Member, username: str) -> HttpResponse:
    """The member reads nothing of the other any more."""
    other = _other(username)
    block_member(member=member, other=other, at=timezone.now())
    told = _("%(name)s is blocked. They are not told.") % {"name": other}
    messages.success(request, told, extra_tags=reverse("unblock", args=[username]))
    return HttpResponseRedirect(next_of(request, reverse("blocks")))


@require_POST
@for_members
def unblock(request: HttpRequest, member: Member, username: str) -> HttpResponse:
    """As before."""
    other = _other(username)
    unblock_member(member=member, other=other)
    messages.success(request, _("%(name)s is not blocked any more.") % {"name": other})
    return HttpResponseRedirect(next_of(request, reverse("blocks")))


@require_POST
@for_members
def mute(request: HttpRequest, member: Member, username: str) -> HttpResponse:
    """What the other says is folded, and no notice tells of it."""
    other = _other(username)
    listen_to(member=member, kind=Thing.PERSON, thing=other, ear=Ear.MUTE, at=timezone.now())
    told = _("%(name)s is muted. What they write is folded, and you hear nothing of it.") % {"name": other}
    messages.success(request, told, extra_tags=reverse("unmute", args=[username]))
    return HttpResponseRedirect(next_of(request, reverse("blocks")))


@require_POST
@for_members
def unmute(request: HttpRequest, member: Member, username: str) -> HttpResponse:
    """As before."""
    other = _other(username)
    listen_to(member=member, kind=Thing.PERSON, thing=other, ear=Ear.NONE, at=timezone.now())
    messages.success(request, _("%(name)s is not muted any more.") % {"name": other})
    return HttpResponseRedirect(next_of(request, reverse("blocks")))
