"""What staff paste to name a suggestion: its number, its address here, or its address where it came from."""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from community.models.board import Viewer
from community.refusals import Invalid
from feedback.models import Suggestion

NUMBER = re.compile(r"#?(\d{1,18})")
ADDRESS = re.compile(r"/posts/(\d{1,18})(?:/|$)")


def suggestion_of_link(text: str, *, viewer: Viewer) -> Suggestion:
    """The suggestion that a pasted link or number means, or Invalid; never one the viewer may not see."""
    words = text.strip()
    found = Suggestion.objects.visible_to(viewer).select_related("post__board", "root__post__board")
    netloc, path = _parts(words)
    ours = netloc in ("", urlsplit(settings.SITE_URL).netloc)
    number = NUMBER.fullmatch(words) or (ADDRESS.search(path) if ours else None)
    if number:
        found = found.filter(pk=int(number[1]))
    elif words and not ours:
        found = found.filter(post__source_url=words)
    else:
        found = found.none()
    suggestion = found.first()
    if suggestion is None:
        sentence = _("No suggestion has this link or number. Please paste the address of its page.")
        raise Invalid(sentence, fields={"link": sentence})
    return suggestion


def _parts(words: str) -> tuple[str, str]:
    """Host and path of an address; of what looks like one and is none, such as "http://[", nothing."""
    try:
        parts = urlsplit(words)
    except ValueError:
        return "", ""
    return parts.netloc, parts.path
