"""A member's own affairs."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.accounts.names import choose_name
from community.forms.people import SettingsForm
from community.members import choose_persona, edit_profile
from community.models import Persona
from community.personas import dismiss_question
from community.refusals import Refused
from community.views.pages import is_htmx, member_of, next_of, sign_in_for


@never_cache
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """One's own page."""
    member = member_of(request)
    return HttpResponseRedirect(member.get_absolute_url()) if member else sign_in_for(request)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """The member is shown and spoken to as they chose."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    form = SettingsForm(request.POST if request.method == "POST" else None, member=member)
    if request.method == "POST" and form.is_valid():
        wishes = dict(form.cleaned_data)
        persona, name = wishes.pop("persona"), wishes.pop("username")
        try:
            with transaction.atomic():
                edit_profile(member=member, at=timezone.now(), **wishes)
                choose_persona(member=member, persona=persona, at=timezone.now())
                choose_name(member=member, name=name or member.username, at=timezone.now())
        except Refused as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("Your settings are saved."))
            answer = HttpResponseRedirect(reverse("settings"))
            # The browser's own choice would otherwise win over the one just made.
            answer.delete_cookie("django_language")
            return answer
    return render(request, "community/settings.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def persona(request: HttpRequest) -> HttpResponse:
    """The member said which kind of user they are, or that they would rather not."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    chosen = None
    if request.POST.get("persona"):
        chosen = get_object_or_404(Persona, slug=request.POST["persona"].replace("\x00", ""))
        choose_persona(member=member, persona=chosen, at=timezone.now())
    else:
        dismiss_question(request)
    if is_htmx(request):
        return render(request, "community/_persona_thanks.html", {"persona": chosen})
    if chosen:
        messages.success(request, _("Thank you. That shows how widely a suggestion is wished for."))
    return HttpResponseRedirect(next_of(request, member.get_absolute_url()))
