"""A member's whole account: where they are signed in, their data as a zip, and the way out."""

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.accounts.exports import KEPT_FOR, ask_export, path_of
from community.accounts.leaving import close_account
from community.accounts.sessions import browser_of, end_session, end_sessions, sessions_of
from community.forms.base import KindForm
from community.models import Comment, Export, Member, Post, PostState
from community.refusals import Refused
from community.views.pages import is_htmx, member_of, sign_in_for


class GoodbyeForm(KindForm):
    """What becomes of one's words, and the name once more, so that nobody leaves by a slip."""

    words = forms.ChoiceField(
        label=gettext_lazy("What becomes of what you wrote?"),
        choices=[
            ("keep", gettext_lazy("It stays, without my name")),
            ("remove", gettext_lazy("It goes with me")),
        ],
        initial="keep",
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label=gettext_lazy("Your name in addresses, to be sure"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )

    def __init__(self, *args: object, member: Member, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.member = member

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip().lstrip("@")
        if name.lower() != self.member.username.lower():
            raise forms.ValidationError(_("Please write %(name)s.") % {"name": self.member.username})
        return name


@never_cache
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """Where the member is signed in."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    rows = [(one, browser_of(one.user_agent), one.session_key == request.session.session_key) for one in sessions_of(member)]
    return render(request, "community/sessions.html", {"rows": rows, "others": sum(not here for _s, _b, here in rows)})


@require_POST
def session_end(request: HttpRequest, session_id: int) -> HttpResponse:
    """That browser is signed out."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    if not end_session(member=member, session_id=session_id):
        raise Http404
    messages.success(request, _("That browser is signed out."))
    return HttpResponseRedirect(reverse("sessions"))


@require_POST
def sessions_end(request: HttpRequest) -> HttpResponse:
    """Every other browser is signed out."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    end_sessions(member=member, but=request.session.session_key or "")
    messages.success(request, _("You are signed out everywhere but here."))
    return HttpResponseRedirect(reverse("sessions"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponse:
    """The member asks for their data, sees how far it is, and takes it."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    if request.method == "POST":
        try:
            ask_export(member=member, at=timezone.now())
        except Refused as refusal:
            messages.info(request, refusal.sentence)
        return HttpResponseRedirect(reverse("export"))
    last = Export.objects.filter(member=member).order_by("-asked_at").first()
    context = {"export": last, "until": last.ready_at + KEPT_FOR if last and last.ready_at else None}
    return render(request, "community/_export.html" if is_htmx(request) else "community/export.html", context)


@never_cache
@require_safe
def export_file(request: HttpRequest, export_id: int) -> HttpResponse | FileResponse:
    """The zip, for its owner alone."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    mine = get_object_or_404(Export, pk=export_id, member=member, ready_at__isnull=False, dropped_at__isnull=True)
    name = f"sprout-{member.username}-{mine.asked_at:%Y-%m-%d}.zip"
    answer = FileResponse(path_of(mine).open("rb"), as_attachment=True, filename=name, content_type="application/zip")
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """The account is closed for good, as the member chose; asked once, with what it means."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    form = GoodbyeForm(request.POST if request.method == "POST" else None, member=member)
    if request.method == "POST" and form.is_valid():
        try:
            close_account(member=member, keeps_words=form.cleaned_data["words"] == "keep", at=timezone.now())
        except Refused as refusal:
            form.take(refusal)
        else:
            logout(request)
            return HttpResponseRedirect(reverse("left"))
    mine = {"author": member, "state": PostState.VISIBLE}
    context = {
        "form": form,
        "posts": Post.objects.filter(**mine).count(),
        "comments": Comment.objects.filter(**mine).count(),
    }
    return render(request, "community/leave.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
def left(request: HttpRequest) -> HttpResponse:
    """Goodbye."""
    return render(request, "community/left.html")
