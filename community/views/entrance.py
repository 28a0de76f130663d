"""One door for those who come back and those who are new: a mail address, and the code that arrives there."""

from typing import Any

from allauth.account.views import RequestLoginCodeView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from community.addresses import expect_member


class RequestCodeView(RequestLoginCodeView):
    """An address nobody has yet gets a code too; entering it opens the account."""

    def form_valid(self, form: Any) -> HttpResponse:
        form._user = expect_member(
            email=form.cleaned_data["email"],
            language=get_language() or "en",
            at=timezone.now(),
            via=self.request.COOKIES.get("via", ""),
        )
        answer: HttpResponse = super().form_valid(form)
        return answer


request_code = RequestCodeView.as_view()


def sign_up(request: HttpRequest) -> HttpResponse:
    """Joining and signing in are one thing here."""
    query = request.META.get("QUERY_STRING", "")
    return HttpResponseRedirect(reverse("account_login") + (f"?{query}" if query else ""))
