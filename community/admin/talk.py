"""Posts and comments, as moderators see them: hidden, shown again, moved, of another kind; never rewritten."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from community.admin.base import DeskAdmin, act_on_each, button, colleague, column, link_to, now_of
from community.care.decisions import bring_back, hide
from community.care.targets import Target, told_of_comment, told_of_post
from community.models import Comment, Post, PostState
from community.posts import convert_post, move_post, name_language
from community.privileges import Privilege

STATES = {
    PostState.VISIBLE.label: "success",
    PostState.HELD.label: "warning",
    PostState.HIDDEN.label: "danger",
    PostState.DELETED.label: "danger",
}


def _hidden(count: int) -> str:
    return ngettext("%(count)d is hidden.", "%(count)d are hidden.", count) % {"count": count}


def _hide(target: Target, request: HttpRequest) -> None:
    """Many at once have one reason; on the page itself each has its own."""
    hide(target=target, by=colleague(request), rule="other", words=str(_("Hidden by the team.")), at=now_of(request))


def _shown(count: int) -> str:
    return ngettext("%(count)d is shown again.", "%(count)d are shown again.", count) % {"count": count}


@admin.register(Post)
class PostAdmin(DeskAdmin):
    """Every post of every kind."""

    changes = Privilege.MODERATE
    list_display = ["title_line", "kind", "shown_state", "board", "author", "written", "page"]
    list_filter = ["kind", "state", "language", "board__product", "board", "source_system"]
    list_select_related = ["board", "author"]
    search_fields = ["title", "=id", "author__display_name"]
    search_help_text = _("Words of the title in any language, a number, or an author")
    ordering = ["-created_at", "-pk"]
    fields = ["title", "author", "body", "kind", "board", "language", "created_at", "edited_at", "source_url"]
    readonly_fields = ["title", "author", "body", "created_at", "edited_at", "source_url"]
    actions = ["hide", "restore"]

    @column(_("title"), ordering="title")
    def title_line(self, post: Post) -> str:
        return post.title

    @column(_("state"), ordering="state", label=STATES)
    def shown_state(self, post: Post) -> Any:
        return PostState(post.state).label

    @column(_("written"), ordering="created_at")
    def written(self, post: Post) -> Any:
        return post.created_at.date()

    @column("")
    def page(self, post: Post) -> Any:
        return link_to(post.get_absolute_url(), _("Page"))

    def save_model(self, request: HttpRequest, obj: Post, form: Any, change: bool) -> None:
        """The post moves or is converted by the operations, which take along all that hangs on it."""
        post, by, at = Post.objects.get(pk=obj.pk), colleague(request), now_of(request)
        if "board" in form.changed_data:
            post = move_post(post=post, board=obj.board, by=by, at=at)
        if "kind" in form.changed_data:
            convert_post(post=post, kind=obj.kind, by=by, at=at)
        if "language" in form.changed_data:
            name_language(post=post, language=obj.language, by=by)

    @button(_("Hide"))
    def hide(self, request: HttpRequest, queryset: QuerySet[Post]) -> None:
        act_on_each(request, queryset, lambda post: _hide(told_of_post(post), request), done=_hidden)

    @button(_("Show again"))
    def restore(self, request: HttpRequest, queryset: QuerySet[Post]) -> None:
        act_on_each(
            request, queryset, lambda post: bring_back(thing=post, by=colleague(request), at=now_of(request)), done=_shown
        )


@admin.register(Comment)
class CommentAdmin(DeskAdmin):
    """Every comment."""

    changes = Privilege.MODERATE
    list_display = ["words", "shown_state", "post", "author", "agrees", "written", "page"]
    list_filter = ["state", "post__board"]
    list_select_related = ["post", "author"]
    search_fields = ["body", "author__display_name"]
    search_help_text = _("Words of the comment in any language, or an author")
    ordering = ["-created_at", "-pk"]
    fields = ["body", "post", "author", "state", "agrees", "created_at", "edited_at"]
    readonly_fields = fields
    actions = ["hide", "restore"]

    @column(_("comment"))
    def words(self, comment: Comment) -> str:
        return str(comment) or "…"

    @column(_("state"), ordering="state", label=STATES)
    def shown_state(self, comment: Comment) -> Any:
        return PostState(comment.state).label

    @column(_("written"), ordering="created_at")
    def written(self, comment: Comment) -> Any:
        return comment.created_at.date()

    @column("")
    def page(self, comment: Comment) -> Any:
        return link_to(comment.get_absolute_url(), _("Page"))

    @button(_("Hide"))
    def hide(self, request: HttpRequest, queryset: QuerySet[Comment]) -> None:
        act_on_each(request, queryset, lambda one: _hide(told_of_comment(one), request), done=_hidden)

    @button(_("Show again"))
    def restore(self, request: HttpRequest, queryset: QuerySet[Comment]) -> None:
        act_on_each(
            request, queryset, lambda one: bring_back(thing=one, by=colleague(request), at=now_of(request)), done=_shown
        )
