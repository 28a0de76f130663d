"""Pictures: shown to whoever may read the text they stand in, added by members, and the faces of people."""

from pathlib import Path

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.models import Attachment, Member
from community.pictures import store
from community.pictures.attachments import add_picture, markdown_of
from community.pictures.faces import SIZES, remove_avatar, set_avatar
from community.privileges import Privilege, has
from community.refusals import Invalid, Refused
from community.views.pages import member_of, sign_in_for

KEPT_FOR = 300  # seconds in any cache: what is hidden is soon gone everywhere
FACE_KEPT_FOR = 24 * 3600
# Even opened by itself a picture can load, run and embed nothing.
POLICY = "default-src 'none'; sandbox"


@require_safe
def picture(request: HttpRequest, picture_id: int, width: int) -> HttpResponseBase:
    """One version of the picture, or 404 for whoever may not read its text."""
    found, public = _find(request, picture_id)
    if width not in found.widths:
        raise Http404
    answer = _file(request, store.path_of("pictures", found.name, width), etag=f'"{found.name}-{width}"')
    if public:
        patch_cache_control(answer, public=True, max_age=KEPT_FOR)
    else:
        # Asked for anew each time, so that a right that was lost is lost at once.
        patch_cache_control(answer, private=True, no_cache=True)
    return answer


@require_safe
def short(request: HttpRequest, picture_id: int) -> HttpResponseBase:
    """The picture's address in texts and mails leads to its largest version."""
    found, public = _find(request, picture_id)
    answer = HttpResponseRedirect(found.address(found.widths[-1]))
    patch_cache_control(answer, **({"public": True, "max_age": KEPT_FOR} if public else {"private": True, "no_store": True}))
    return answer


def _find(request: HttpRequest, picture_id: int) -> tuple[Attachment, bool]:
    """The picture, and whether everybody may see it; a visitor's question costs one query."""
    found = Attachment.objects.visible_to(None).filter(pk=picture_id).first()
    if found is not None:
        return found, True
    return get_object_or_404(Attachment.objects.visible_to(request.user), pk=picture_id), False


def _file(request: HttpRequest, path: Path, *, etag: str) -> HttpResponseBase:
    """The file, or 304 where the browser has it; only asked for what the viewer may see."""
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        try:
            response = FileResponse(path.open("rb"), content_type="image/webp", filename=path.name)
        except FileNotFoundError as fault:
            raise Http404 from fault
    response["ETag"] = etag
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


@require_POST
def new(request: HttpRequest) -> HttpResponse:
    """The picture is kept for its owner and shown as a thumbnail to be described; script puts it into the text."""
    member = member_of(request)
    if member is None:
        return HttpResponse(_("Please sign in first."), status=403, content_type="text/plain; charset=utf-8")
    given = request.FILES.get("picture")
    try:
        if given is None:
            raise Invalid(heavy() if getattr(request, "too_heavy", False) else _("Please choose a picture."))
        made = add_picture(owner=member, data=given.read(), filename=given.name or "", at=timezone.now())
    except Refused as refusal:
        # Script shows the sentence beside the field.
        return HttpResponse(refusal.sentence, status=refusal.status, content_type="text/plain; charset=utf-8")
    response = render(request, "community/_picture.html", {"picture": made, "alt": "", "decorative": False}, status=201)
    response["X-Picture"] = markdown_of(made)
    return response


def heavy() -> str:
    return _("This picture is larger than 10 MB. Please make it smaller, or take a screenshot of it.")


@require_safe
def face(request: HttpRequest, name: str, size: int) -> HttpResponseBase:
    """The face of a member, as long as it is theirs; a hidden one for whom it belongs to and for those who moderate."""
    found = Member.objects.filter(avatar=name).exclude(avatar="").first() if size in SIZES else None
    if found is None:
        raise Http404
    shown = found.avatar_hidden_at is None
    if not shown and found != member_of(request) and not has(request.user, Privilege.MODERATE):
        raise Http404
    answer = _file(request, store.path_of("faces", name, size), etag=f'"{name}-{size}"')
    patch_cache_control(
        answer, **({"public": True, "max_age": FACE_KEPT_FOR} if shown else {"private": True, "no_store": True})
    )
    return answer


@require_POST
def set_face(request: HttpRequest) -> HttpResponse:
    """The member has a picture of their own."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    given = request.FILES.get("face")
    try:
        if given is None:
            raise Invalid(heavy() if getattr(request, "too_heavy", False) else _("Please choose a picture."))
        set_avatar(member=member, data=given.read(), filename=given.name or "", at=timezone.now())
    except Invalid as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("That is how people see you now."))
    return HttpResponseRedirect(reverse("settings") + "#face")


@require_POST
def remove_face(request: HttpRequest) -> HttpResponse:
    """The member's initials are drawn again."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    remove_avatar(member=member, at=timezone.now())
    messages.success(request, _("Your picture is gone; your initials are shown instead."))
    return HttpResponseRedirect(reverse("settings") + "#face")
