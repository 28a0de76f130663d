"""What moderators decided about somebody's picture, in words."""

from django.urls import reverse
from django.utils.translation import gettext as _

from community.models import Notice
from community.notice_words import Wording, worded


@worded("avatar_decided")
def say_what_became_of_a_face(notice: Notice, _prepared: object) -> Wording:
    """A moderator took the reader's picture down, or shows it again."""
    if notice.data["moment"] == "hidden":
        sentence = _("A moderator took your picture down; your initials are shown instead")
    else:
        sentence = _("A moderator shows your picture again")
    return Wording(sentence=sentence, url=reverse("settings"), action=_("Your settings"))
