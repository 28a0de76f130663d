"""A member's keys to the API: made, shown once, revoked."""

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from community.api_tokens import make_token, revoke_token
from community.forms.base import KindForm
from community.models import ApiToken
from community.views.pages import member_of, sign_in_for


class TokenForm(KindForm):
    """What the token is for, and what it may do."""

    name = forms.CharField(
        label=_("What is it for?"), max_length=60, help_text=_("A word to know it by, like “Backup script”.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("What may it do?"),
        choices=[("read", _("Read what you may read")), ("write", _("Write, vote and comment as you"))],
        widget=forms.CheckboxSelectMultiple,
        initial=["read"],
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The member sees their tokens and makes new ones; a secret is shown on this one page and never again."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    form, secret = TokenForm(request.POST if request.method == "POST" else None), ""
    if request.method == "POST" and form.is_valid():
        _token, secret = make_token(
            member=member, name=form.cleaned_data["name"], scopes=form.cleaned_data["scopes"], at=timezone.now()
        )
        form = TokenForm()
    alive = ApiToken.objects.filter(member=member, revoked_at=None).order_by("-made_at")
    context = {"form": form, "secret": secret, "tokens": alive}
    return render(request, "community/tokens.html", context, status=422 if form.errors else 200)


@require_POST
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """The token opens nothing any more."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    revoke_token(token=get_object_or_404(ApiToken, pk=token_id, member=member), at=timezone.now())
    return HttpResponseRedirect(reverse("tokens"))
