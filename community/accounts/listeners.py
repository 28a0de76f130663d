"""What accounts owe for facts: exports are packed, claims are proven by what an import brought, and both are told of."""

from collections.abc import Sequence

from django.utils import timezone

from community.accounts.claims import prove_claims
from community.accounts.exports import build_export
from community.activity import record
from community.listening import listen
from community.models import Activity, Claim, Comment, Export, MailList, Post
from community.notices import News, tell
from community.verbs import ExportReady, Verb


@listen(Verb.EXPORT_ASKED, name="community.pack_exports", batch=1)
def pack_exports(activities: Sequence[Activity]) -> None:
    """Each export is there for its owner, who is told."""
    for export in Export.objects.select_related("member__persona").filter(pk__in=[a.data["export_id"] for a in activities]):
        now = timezone.now()
        if build_export(export=export, at=now).dropped_at is None:
            fact = ExportReady(export_id=export.pk)
            record(Verb.EXPORT_READY, key=f"export_ready:{export.pk}", actor=None, subject=export.member_id, data=fact, at=now)


@listen(Verb.POSTS_IMPORTED, name="community.prove_claims")
def prove_imported(activities: Sequence[Activity]) -> None:
    """Claims whose code came in with an import, written by the claimed account, are accepted."""
    waiting = Claim.objects.filter(state=Claim.State.OPEN)
    profiles = list(waiting.values_list("profile_id", flat=True))
    told = {
        "batch__in": [activity.subject_id for activity in activities],
        "author__in": profiles,
        "body__contains": "sprout-claim-",
    }
    if profiles:
        prove_claims(posts=Post.objects.filter(**told), comments=Comment.objects.filter(**told), at=timezone.now())


@listen(Verb.EXPORT_READY, Verb.CLAIM_DECIDED, name="community.tell_of_accounts")
def tell_of_accounts(activities: Sequence[Activity]) -> None:
    """The member hears that their data is ready, or how their claim ended."""
    tell(
        [
            News(
                activity=activity,
                kind=str(activity.verb),
                member_ids=[activity.subject_id] if activity.subject_id else [],
                post_id=None,
                data=activity.data,
                mail_list=MailList.CARE if activity.verb == Verb.CLAIM_DECIDED else None,
                thread=f"account:{activity.subject_id}",
            )
            for activity in activities
        ],
        at=timezone.now(),
    )
