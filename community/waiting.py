"""What waits in mails that are about to go out, if it is still so: wanted, visible, not muted, not read on the page."""

from collections.abc import Sequence

from community.mail_choices import Wishes
from community.models import Mailing, MailList, Notice
from community.notice_words import Wording, Words
from community.silence import Silence


class Waiting:
    """What a batch of mailings would tell of: a handful of queries for all of them."""

    def __init__(self, rows: Sequence[Mailing]) -> None:
        """The rows come with their member."""
        told = {activity_id for row in rows for activity_id, _ in row.data.get("news", [])}
        members = {row.member_id for row in rows if row.data.get("news")}
        unread = Notice.objects.filter(activity__in=told, member__in=members, read_at=None)
        found = list(unread.select_related("member", "post__board", "activity"))
        self.notices = {(notice.member_id, notice.activity_id): notice for notice in found}
        self.wishes = Wishes({row.member_id for row in rows})
        posts = {notice.post_id: notice.post for notice in found if notice.post is not None}
        actors = {notice.activity.actor_id for notice in found}
        self.silence = Silence(member_ids=members, posts=posts.values(), actor_ids=actors)
        self.words = Words(found)

    def of(self, row: Mailing) -> list[Notice]:
        """The row's notices that are still wanted: what the team decided leads, what people said follows, each in its order."""
        news: dict[int, str] = dict(row.data.get("news", []))
        mine = [self.notices[row.member_id, pk] for pk in news if (row.member_id, pk) in self.notices]
        for notice in mine:
            # Notices older than this column name their list in the mailing alone.
            notice.list = notice.list or news[notice.activity_id]
        wanted = [notice for notice in mine if not self._refused(notice)]
        return sorted(wanted, key=lambda notice: (notice.list != MailList.STATUS, notice.activity_id))

    def in_words(self, notices: Sequence[Notice]) -> list[tuple[Notice, Wording]]:
        """Each notice with what it says, in the language that is active; what is gone or out of sight is left out."""
        return [(notice, wording) for notice in notices if (wording := self.words.of(notice))]

    def _refused(self, notice: Notice) -> bool:
        actor_id, listed = notice.activity.actor_id, notice.list
        hushed = self.silence.covers(notice.member_id, post=notice.post, actor_id=actor_id, mail_list=listed)
        return hushed or self.wishes.refuses(notice.member_id, listed)
