"""The one optional question after the first vote: which kind of user are you?"""

from django.http import HttpRequest

from community.models import Persona

KEY = "persona_dismissed"


def question_for(request: HttpRequest) -> list[Persona]:
    """The personas to choose from, or nothing where the member has answered or would rather not."""
    member = request.user
    if not member.is_authenticated or member.persona_id or request.session.get(KEY):
        return []
    return list(Persona.objects.all())


def dismiss_question(request: HttpRequest) -> None:
    """The question is not asked again in this session, which lasts as long as the sign-in."""
    request.session[KEY] = True
