"""Write a post: with a preview, with what was typed kept, and with the sign-in at the very end."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from community.forms import PostForm
from community.pending import draft_of, drop_draft
from community.posts import check_title, write_post
from community.refusals import Invalid, Refused
from community.rendering import check_source
from community.rendering import render as render_markdown
from community.views.pages import is_htmx, member_of, sign_in_first

# Everything else in the form belongs to community itself; the rest is handed to the joins.
OWN = {"title", "body", "kind", "board", "tags", "csrfmiddlewaretoken", "email"}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_post(request: HttpRequest) -> HttpResponse:
    """The post stands in its board; a visitor's waits until they have signed in."""
    if request.method != "POST":
        return _show(
            request, PostForm(viewer=request.user, initial=_begun(request)), extras=draft_of(request, "post").get("extras", {})
        )
    form, member = PostForm(request.POST, viewer=request.user), member_of(request)
    extras = _extras(request)
    if not form.is_valid():
        return _show(request, form, extras=extras)
    try:
        if member is None:
            # Faults are told before the sign-in, where they are quickly mended.
            check_title(form.cleaned_data["title"])
            check_source(form.cleaned_data["body"])
            return sign_in_first(request, "post", form.draft(extras))
        post = write_post(author=member, at=timezone.now(), extras=extras, **form.cleaned_data)
    except Refused as refusal:
        form.take(refusal)
        return _show(request, form, extras=extras)
    drop_draft(request, "post")
    messages.success(request, _("Thank you. “%(title)s” is posted, and you follow it.") % {"title": post.title})
    return HttpResponseRedirect(post.get_absolute_url())


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """The text as it will look; without script the whole form comes back with it."""
    try:
        html, fault = render_markdown(check_source(request.POST.get("body", ""))), ""
    except Invalid as refusal:
        html, fault = "", refusal.sentence
    shown = {"html": html, "fault": fault, "asked": True}
    if is_htmx(request):
        return render(request, "community/_preview.html", {"preview": shown})
    typed = {name: request.POST.get(name, "") for name in ("title", "body", "kind", "board", "tags")}
    return _show(request, PostForm(viewer=request.user, initial=typed), extras=_extras(request), preview=shown)


def _extras(request: HttpRequest) -> dict[str, str]:
    return {name[:40]: str(value)[:200] for name, value in request.POST.items() if name not in OWN}


def _begun(request: HttpRequest) -> dict[str, Any]:
    """What the form begins with: an unfinished draft, else what the link brought along."""
    kept = draft_of(request, "post")
    if kept:
        return {**kept, "tags": ", ".join(kept["tags"])}
    return {name: request.GET[name][:160] for name in ("title", "board", "kind", "tags") if request.GET.get(name)}


def _show(
    request: HttpRequest, form: PostForm, *, extras: dict[str, str], preview: dict[str, Any] | None = None
) -> HttpResponse:
    context = {"form": form, "extras": extras, "preview": preview, "section": "new", "entrance": True}
    return render(request, "community/post_new.html", context, status=422 if form.errors else 200)
