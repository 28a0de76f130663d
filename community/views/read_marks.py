"""Everything counts as read."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from community.read_marks import mark_all_read
from community.views.pages import member_of, next_of, sign_in_for


@require_POST
def mark_read(request: HttpRequest) -> HttpResponse:
    """Nothing the member has been to has anything new."""
    member = member_of(request)
    if member is None:
        return sign_in_for(request)
    mark_all_read(member=member, at=timezone.now())
    messages.success(request, _("All caught up: nothing is marked as new."))
    return HttpResponseRedirect(next_of(request, reverse("community")))
