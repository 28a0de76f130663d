"""A text becomes HTML with its own pictures and its people, at once when it is written and again when the renderer is newer."""

from datetime import datetime

from django.db import transaction
from django.utils.html import escape, linebreaks

from community import rendering
from community.mentions.naming import linked_people, name_people, people_to_preview
from community.models import Comment, Member, Post
from community.pictures.attachments import pictures_of, pictures_to_preview, settle_pictures
from community.refusals import Invalid

Written = Post | Comment


def dress(written: Written, *, by: Member, at: datetime, fresh: bool = False) -> None:
    """The saved text has its pictures, whom it names is on record, and its HTML shows both.

    fresh: it was just written, so nothing is to be let go, and most texts cost no query here.
    Must run inside the transaction that wrote the text. Raises Invalid where a picture has no words.
    """
    if fresh and not any(sign in written.body for sign in ("/pictures/", "@", ">")):
        return
    pictures = settle_pictures(written, by=by, at=at)
    people = name_people(written, by=by, at=at)
    _keep(written, rendering.render(written.body, pictures=pictures, people=people))


def preview(text: str, *, by: Member | None) -> str:
    """The text as it would look, were it written now."""
    pictures = pictures_to_preview(text, by) if by else {}
    return rendering.render(text, pictures=pictures, people=people_to_preview(text, by))


@transaction.atomic
def dress_again(model: type[Post] | type[Comment], *, size: int = 200) -> int:
    """So many texts of an older renderer look as they would if they were written now; how many there were."""
    old = model.objects.select_for_update(no_key=True, skip_locked=True).filter(renderer__lt=rendering.RENDERER)
    found: list[Written] = list(old.order_by("pk")[:size])
    for written in found:
        _keep(written, _html_again(written))
    return len(found)


def _html_again(written: Written) -> str:
    try:
        text = rendering.check_source(written.body)
    except Invalid:
        # It came from elsewhere and is larger than what is written here.
        return linebreaks(escape(written.body))
    pictures = pictures_of(written) if "/pictures/" in text else {}
    people = linked_people(written) if "@" in text else {}
    return rendering.render(text, pictures=pictures, people=people)


def _keep(written: Written, html: str) -> None:
    if (written.body_html, written.renderer) != (html, rendering.RENDERER):
        written.body_html, written.renderer = html, rendering.RENDERER
        written.save(update_fields=["body_html", "renderer"])
