"""Being named or quoted, in words."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from community.mail_render import tame_name
from community.models import Comment, Mention, Notice, PostState
from community.notice_words import Wording, worded
from community.rendering import picture_links, plain

Texts = tuple[dict[int, Comment], dict[int, str]]


def _texts(notices: Sequence[Notice]) -> Texts:
    """The comments that name somebody, and who named whom in posts themselves."""
    numbers = [notice.data["comment_id"] for notice in notices if notice.data.get("comment_id")]
    comments = Comment.objects.filter(pk__in=numbers, state=PostState.VISIBLE).select_related("author").in_bulk()
    posts = [notice.post_id for notice in notices if not notice.data.get("comment_id")]
    named = Mention.objects.filter(post__in=posts, comment__isnull=True).select_related("by")
    return comments, {mention.post_id: str(mention.by) for mention in named}


@worded("mentioned", prepare=_texts)
def say_who_named_you(notice: Notice, texts: Texts) -> Wording | None:
    """Somebody named or quoted the reader, in a post or below one."""
    comments, writers = texts
    if notice.post is None:
        return None
    number = notice.data.get("comment_id")
    comment = comments.get(number) if number else None
    writer = str(comment.author) if comment else writers.get(notice.post.pk, "")
    if (number and comment is None) or not writer:
        return None
    told = {"name": tame_name(writer), "title": notice.post.title}
    if notice.data.get("quoted"):
        sentence = _("%(name)s quoted you under “%(title)s”") % told
    else:
        sentence = _("%(name)s named you in “%(title)s”") % told
    url = f"/comments/{comment.pk}/" if comment else f"/posts/{notice.post.pk}/"
    body = comment.body if comment else notice.post.body
    words, pictures = plain(body, 280), picture_links(body)
    return Wording(sentence=sentence, url=url, quote=words, by=told["name"], action=_("Answer"), pictures=pictures)
