"""The kinds of users, and the one optional question after the first vote: which of them are you?"""

from datetime import datetime

from django.db import transaction
from django.http import HttpRequest

from community.activity import record
from community.models import Member, Persona
from community.privileges import Privilege, require
from community.verbs import PersonasChanged, Verb

KEY = "persona_dismissed"


def question_for(request: HttpRequest) -> list[Persona]:
    """The personas to choose from, or nothing where the member has answered or would rather not."""
    member = request.user
    if not member.is_authenticated or member.persona_id or request.session.get(KEY):
        return []
    return list(Persona.objects.all())


@transaction.atomic
def save_persona(*, persona: Persona, by: Member, at: datetime) -> Persona:
    """The kind of user can be chosen under these names; a new one, or a new slug, weighs every score's breadth anew."""
    require(by, Privilege.CONFIGURE)
    before = Persona.objects.filter(pk=persona.pk).values_list("slug", flat=True).first()
    persona.save()
    if before != persona.slug:
        record(
            Verb.PERSONAS_CHANGED,
            key=f"personas_changed:{persona.pk}:{persona.slug}:{at.isoformat()}",
            actor=by,
            subject=persona.pk,
            data=PersonasChanged(slug=persona.slug),
            at=at,
        )
    return persona


def dismiss_question(request: HttpRequest) -> None:
    """The question is not asked again in this session, which lasts as long as the sign-in."""
    request.session[KEY] = True
