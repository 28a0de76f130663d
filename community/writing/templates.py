"""Templates: staff say what a post of a kind can begin with."""

from django.db import transaction
from django.utils.translation import gettext as _

from community.models import Member, PostTemplate
from community.privileges import Privilege, require
from community.refusals import Invalid
from community.rendering import check_source

TEXTS = ("body", "body_zh_hans", "body_zh_hant")


@transaction.atomic
def keep_template(*, template: PostTemplate, by: Member) -> PostTemplate:
    """The template is offered as given. Raises Invalid for a text that could not be posted, or none at all."""
    require(by, Privilege.TRIAGE)
    for name in TEXTS:
        try:
            setattr(template, name, check_source(getattr(template, name)))
        except Invalid as refusal:
            raise Invalid(refusal.sentence, fields={name: refusal.sentence}) from refusal
    if not template.body:
        raise Invalid(_("A template needs a text."), fields={"body": _("Please write something first.")})
    template.save()
    return template


@transaction.atomic
def drop_template(*, template: PostTemplate, by: Member) -> None:
    """The template is gone; posts that began with it stay as they are."""
    require(by, Privilege.TRIAGE)
    template.delete()
