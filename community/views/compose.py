"""Write a post: asked for what its kind is about, with a preview, with what was typed kept, and with the sign-in at the very end."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from community.dressing import preview as preview_of
from community.forms.writing import PostForm
from community.manners import FIELDS, manner_of
from community.models import Draft, Member, Post, PostState, PostTemplate
from community.pending import draft_of, drop_draft, keep_draft
from community.posts import check_title, write_post
from community.refusals import Invalid, Refused
from community.rendering import check_source
from community.sent import sent
from community.views.pages import is_htmx, member_of, sign_in_first
from community.views.picture_fields import with_pictures
from community.writing.drafts import discard_drafts

# Everything else in the form belongs to higher apps and is handed to the joins.
TYPED = ("title", "body", "kind", "board", "tags")
OWN = {*TYPED, *FIELDS, "csrfmiddlewaretoken", "email", "draft", "draft_form", "draft_subject", "template", "replace"}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@with_pictures
def new_post(request: HttpRequest) -> HttpResponse:
    """The post stands in its board; a visitor's waits until they have signed in."""
    if request.method != "POST":
        typed, extras = _begun(request)
        return _show(request, PostForm(viewer=request.user, initial=typed), extras=extras)
    form, member = PostForm(request.POST, viewer=request.user), member_of(request)
    extras, now = _extras(request.POST), timezone.now()
    if not form.is_valid():
        return _show(request, form, extras=extras)
    try:
        if member is None:
            # Faults are told before the sign-in, where they are quickly mended.
            check_title(form.cleaned_data["title"])
            check_source(form.cleaned_data["body"])
            return sign_in_first(request, "post", form.draft(extras) | {"manner": manner_of(request.POST, at=now).kept()})
        manner = manner_of(request.POST, at=now)
        post = write_post(author=member, at=now, extras=extras, manner=manner, **form.cleaned_data)
    except Refused as refusal:
        form.take(refusal)
        return _show(request, form, extras=extras)
    return _thanked(request, member, post)


def _thanked(request: HttpRequest, member: Member, post: Post) -> HttpResponse:
    drop_draft(request, "post")
    if draft_id := _number(request.POST.get("draft", "")):
        discard_drafts(member=member, form=Draft.Form.POST, draft_id=draft_id)
    if post.state == PostState.HELD:
        messages.info(
            request, _("Thank you. “%(title)s” waits for a moderator; you hear as soon as it is shown.") % {"title": post.title}
        )
    else:
        messages.success(request, _("Thank you. “%(title)s” is posted, and you follow it.") % {"title": post.title})
    return sent(HttpResponseRedirect(post.get_absolute_url()), "post")


@never_cache
@require_POST
def adapt(request: HttpRequest) -> HttpResponse:
    """The composer asks for another kind, begins with a template or begins anew; what was typed stays, nothing is written.

    A template replaces a text only where there is none, or where that was confirmed.
    """
    if request.GET.get("clear"):
        drop_draft(request, "post")
        return _show(request, PostForm(viewer=request.user, initial={"kind": request.POST.get("kind", "")}), extras={})
    typed, chosen, asks = _typed(request.POST), _template(request, request.POST.get("template", "")), None
    if chosen is not None:
        mine = typed["body"].strip()
        templates = PostTemplate.objects.offered_to(request.user)
        ours = {text.strip() for one in templates for text in (one.body, one.body_zh_hans, one.body_zh_hant)}
        if mine and mine not in ours and not request.GET.get("replace"):
            asks = chosen
        else:
            typed |= _begin_with(chosen)
    return _show(request, PostForm(viewer=request.user, initial=typed), extras=_extras(request.POST), asks=asks)


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """The text as it will look; without script the whole form comes back with it."""
    try:
        html, fault = preview_of(check_source(request.POST.get("body", "")), by=member_of(request)), ""
    except Invalid as refusal:
        html, fault = "", refusal.sentence
    shown = {"html": html, "fault": fault, "asked": True}
    if is_htmx(request):
        return render(request, "community/_preview.html", {"preview": shown})
    form = PostForm(viewer=request.user, initial=_typed(request.POST))
    return _show(request, form, extras=_extras(request.POST), preview=shown)


def keep_what_was_typed(request: HttpRequest) -> bool:
    """A half-written post that came along with another press waits for its writer; whether there was one."""
    typed = _typed(request.POST)
    if not (typed["title"].strip() or typed["body"].strip()):
        return False
    tags = [word.strip() for word in typed["tags"].split(",") if word.strip()]
    keep_draft(request, "post", typed | {"tags": tags, "extras": _extras(request.POST)})
    return True


def _typed(form: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(form.get(name, ""))[:20_000] for name in TYPED}


def _extras(form: Mapping[str, Any]) -> dict[str, str]:
    return {name[:40]: str(form[name])[:2000] for name in form if name not in OWN}


def _number(wish: str) -> int:
    return int(wish[:18]) if wish.isdecimal() else 0


def _template(request: HttpRequest, wish: str) -> PostTemplate | None:
    return PostTemplate.objects.offered_to(request.user).select_related("board").filter(pk=_number(wish)).first()


def _begin_with(template: PostTemplate) -> dict[str, str]:
    begun = {"body": template.text, "kind": template.kind}
    return begun | ({"board": template.board.slug} if template.board else {})


def _begun(request: HttpRequest) -> tuple[dict[str, Any], dict[str, str]]:
    """What the form begins with: a draft, what was not sent before, or what the link brought along."""
    member, asked = member_of(request), request.GET
    if member and asked.get("draft"):
        draft = get_object_or_404(Draft, pk=_number(asked["draft"]), member=member, form=Draft.Form.POST)
        return {**_typed(draft.data), "draft": draft.pk}, _extras(draft.data)
    kept = draft_of(request, "post")
    if kept:
        return {**kept, "tags": ", ".join(kept["tags"])}, kept.get("extras", {})
    begun = {name: asked[name][:160] for name in ("title", "board", "kind", "tags") if asked.get(name)}
    chosen = _template(request, asked.get("template", ""))
    return begun | (_begin_with(chosen) if chosen else {}), {}


def _show(
    request: HttpRequest,
    form: PostForm,
    *,
    extras: dict[str, str],
    preview: dict[str, Any] | None = None,
    asks: PostTemplate | None = None,
) -> HttpResponse:
    member, kind = member_of(request), form.chosen_kind
    begun = form.initial.get("draft") or _number(request.POST.get("draft", ""))
    fresh = request.method != "POST" and not any(form.initial.get(name) for name in ("title", "body"))
    context = {
        "form": form,
        "words": form.words,
        "kind": kind,
        "extras": {**extras, "kind": kind},
        "preview": preview,
        "asks": asks,
        "templates": PostTemplate.objects.offered_to(request.user).filter(kind=kind).select_related("board"),
        "draft_id": begun,
        "kept": request.method != "POST" and bool(draft_of(request, "post")),
        "waiting": Draft.objects.filter(member=member, form=Draft.Form.POST)[:3] if member and fresh else (),
        "section": "new",
        "entrance": True,
    }
    template = "community/_composer.html" if is_htmx(request) else "community/post_new.html"
    return render(request, template, context, status=422 if form.errors else 200)
