"""What people write posts and comments in."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy

from community.forms.base import KindForm
from community.models import Audience, Board, Comment, Post, PostKind
from community.models.board import Viewer
from community.writing.kinds import KindWords, kinds_to_write, words_of
from community.writing.revisions import LONGEST_REASON


class WritingForm(KindForm):
    """Title, text and tags: what can still be mended later. What they are called depends on the kind."""

    words: KindWords
    title = forms.CharField(
        max_length=160,
        widget=forms.TextInput(attrs={"class": "input input-title", "autocomplete": "off"}),
    )
    body = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    tags = forms.CharField(
        label=gettext_lazy("Tags"),
        help_text=gettext_lazy("Up to five words, parted by commas."),
        required=False,
        max_length=220,
    )

    def dress(self, kind: str) -> None:
        """The form asks for what this kind of post is about."""
        self.words = words_of(kind)
        title, body = self.fields["title"], self.fields["body"]
        title.label, title.help_text = str(self.words.title), str(self.words.title_help)
        body.label, body.help_text = str(self.words.body), str(self.words.body_help)
        title.widget.attrs["placeholder"] = str(self.words.title_example)
        body.widget.attrs["placeholder"] = str(self.words.body_example)

    def clean_tags(self) -> list[str]:
        words: str = self.cleaned_data["tags"]
        for comma in "，、;；\n":
            words = words.replace(comma, ",")
        return [word.strip() for word in words.split(",") if word.strip()]


class PostForm(WritingForm):
    """The composer."""

    kind = forms.ChoiceField(
        label=gettext_lazy("It is"),
        choices=PostKind.choices,
        initial=PostKind.SUGGESTION.value,
        # The form is drawn anew for another kind, with everything typed in it.
        widget=forms.RadioSelect(
            attrs={
                "class": "vh",
                "hx-post": reverse_lazy("post-adapt"),
                "hx-trigger": "change",
                "hx-target": "#composer",
                "hx-swap": "outerHTML",
            }  # fmt: skip
        ),
    )
    board = forms.ModelChoiceField(
        label=gettext_lazy("Board"),
        queryset=Board.objects.none(),
        to_field_name="slug",
        empty_label=None,
        error_messages={
            "required": gettext_lazy("Please choose a board."),
            "invalid_choice": gettext_lazy("Please choose one of these boards."),
        },
    )
    field_order = ["kind", "title", "body", "board", "tags"]

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        boards = self.fields["board"]
        assert isinstance(boards, forms.ModelChoiceField)
        boards.queryset = boards_to_post_in(viewer)
        kinds = self.fields["kind"]
        assert isinstance(kinds, forms.ChoiceField)
        kinds.choices = [(kind.value, kind.label) for kind in kinds_to_write(viewer)]
        self.dress(self.chosen_kind)

    @property
    def chosen_kind(self) -> str:
        """The kind the form is for now; whatever is none is a suggestion."""
        wish = self.data.get("kind") if self.is_bound else self.initial.get("kind")
        kinds = self.fields["kind"]
        assert isinstance(kinds, forms.ChoiceField)
        return str(wish) if kinds.valid_value(wish) else PostKind.SUGGESTION.value

    def draft(self, extras: Mapping[str, Any]) -> dict[str, Any]:
        """What was typed, for the session: plain values, under the names the form reads."""
        data = self.cleaned_data
        kept = {name: data[name] for name in ("title", "body", "kind", "tags")}
        return kept | {"board": data["board"].slug, "extras": dict(extras)}


def boards_to_post_in(viewer: Viewer) -> Any:
    """The boards a person may post in; a visitor is offered what they may use once they have signed in."""
    if viewer is not None and viewer.is_authenticated:
        return Board.objects.open_to(viewer, "post")
    return Board.objects.visible_to(None).filter(post__in=[Audience.ANYONE, Audience.MEMBERS])


def reason_field() -> forms.CharField:
    """Why somebody changes it, for everybody to read."""
    return forms.CharField(
        label=gettext_lazy("Why do you change it?"),
        help_text=gettext_lazy("A few words; everybody can read them in the history."),
        required=False,
        max_length=LONGEST_REASON,
    )


class PostEditForm(WritingForm):
    """The same text once more. Whoever changes somebody else's says why."""

    reason = reason_field()

    @classmethod
    def for_post(cls, post: Post, data: Any, *, own: bool = True, typed: Mapping[str, str] | None = None) -> "PostEditForm":
        """own: whether the author edits; typed: a draft of theirs to go on with."""
        tags = ", ".join(str(tag) for tag in post.tags.all())
        form = cls(data, initial={"title": post.title, "body": post.body, "tags": tags} | dict(typed or {}))
        form.dress(post.kind)
        form.fields["reason"].required = not own
        return form


class CommentForm(KindForm):
    """One text."""

    body = forms.CharField(
        label=gettext_lazy("Add to it"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Please write something first.")},
    )
    parent = forms.IntegerField(required=False, widget=forms.HiddenInput)


class CommentEditForm(KindForm):
    """The same text once more. Whoever changes somebody else's says why."""

    body = forms.CharField(
        label=gettext_lazy("The comment"),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Please write something first.")},
    )
    reason = reason_field()

    @classmethod
    def for_comment(
        cls, comment: Comment, data: Any, *, own: bool = True, typed: Mapping[str, str] | None = None
    ) -> "CommentEditForm":
        """own: whether the author edits; typed: a draft of theirs to go on with."""
        form = cls(data, initial={"body": comment.body} | dict(typed or {}))
        form.fields["reason"].required = not own
        return form
