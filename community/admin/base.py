"""What every page of the admin shares: rights by privilege, refusals shown beside what was typed, no plain deleting."""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar, cast

from django.contrib import messages
from django.db import transaction
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from community.models import Member
from community.privileges import Privilege, has
from community.refusals import Refused

COLLEAGUES = ("owner", "assignee")
Method = TypeVar("Method", bound=Callable[..., Any])


def column(description: Any, **more: Any) -> Callable[[Method], Method]:
    """The method is a column of the list. ordering: by which field it sorts; label: words → colour."""
    return cast(Callable[[Method], Method], display(description=description, **more))


def button(description: Any) -> Callable[[Method], Method]:
    """The method can be done to the chosen rows by whoever may change them."""
    return cast(Callable[[Method], Method], action(description=description, permissions=["change"]))


class DeskAdmin(ModelAdmin):  # type: ignore[misc]
    """Rights are privileges, not Django's permissions; an operation's refusal becomes a sentence in the form.

    A page that writes overrides `save_model` and calls an operation there.
    """

    sees: ClassVar[Privilege] = Privilege.TRIAGE
    changes: ClassVar[Privilege | None] = None
    adds: ClassVar[bool] = False
    deletes: ClassVar[bool] = False
    list_per_page = 50
    show_full_result_count = False
    show_facets = False
    compressed_fields = True
    list_filter_submit = False
    list_fullwidth = True

    def has_module_permission(self, request: HttpRequest) -> bool:
        return has(request.user, self.sees)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return has(request.user, self.sees)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.changes is not None and has(request.user, self.changes)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.adds and self.has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.deletes and self.has_change_permission(request)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What was typed is saved, or shown again with the operation's sentence where it belongs."""
        try:
            with transaction.atomic():
                return cast(HttpResponse, super().changeform_view(request, *args, **kwargs))
        except Refused as refusal:
            request.refusal = refusal  # type: ignore[attr-defined]
            return cast(HttpResponse, super().changeform_view(request, *args, **kwargs))

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Gone, or still there with the operation's sentence."""
        try:
            with transaction.atomic():
                return cast(HttpResponse, super().delete_view(request, object_id, extra_context))
        except Refused as refusal:
            messages.error(request, refusal.sentence)
            return HttpResponseRedirect("../change/")

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Never the one that deletes whatever was ticked."""
        return {name: entry for name, entry in super().get_actions(request).items() if name != "delete_selected"}

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> type[ModelForm]:
        form = cast(type[ModelForm], super().get_form(request, *args, **kwargs))
        refusal: Refused | None = getattr(request, "refusal", None)
        return form if refusal is None else refused_form(form, refusal)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Where a colleague is meant, colleagues are offered."""
        if db_field.name in COLLEAGUES:
            kwargs["queryset"] = Member.objects.staff().order_by("display_name", "pk")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


def refused_form(form: type[ModelForm], refusal: Refused) -> type[ModelForm]:
    """The form as it was typed, with the refusal's sentences beside its fields."""

    class RefusedForm(form):  # type: ignore[misc,valid-type]
        def clean(self) -> dict[str, Any]:
            cleaned: dict[str, Any] = super().clean() or self.cleaned_data
            named = {name: words for name, words in refusal.fields.items() if name in self.fields}
            for name, words in named.items():
                self.add_error(name, words)
            if not named:
                self.add_error(None, refusal.sentence)
            return cleaned

    return RefusedForm


def colleague(request: HttpRequest) -> Member:
    """The signed-in member; the guard of the admin lets nobody else come here."""
    return cast(Member, request.user)


def act(request: HttpRequest, operation: Callable[[], Any], *, done: str, back: str) -> HttpResponse:
    """The operation is done and said, or its refusal is said; then the browser goes back."""
    try:
        operation()
    except Refused as refusal:
        words = [sentence for sentence in refusal.fields.values() if sentence != refusal.sentence]
        messages.error(request, " ".join([refusal.sentence, *words]))
    else:
        messages.success(request, done)
    return HttpResponseRedirect(back)


def act_on_each(request: HttpRequest, things: Any, operation: Callable[[Any], Any], *, done: Callable[[int], str]) -> None:
    """Each thing is acted on by itself; the refused ones are named with their sentence, the others counted."""
    count = 0
    for thing in things:
        try:
            operation(thing)
            count += 1
        except Refused as refusal:
            messages.error(request, f"{thing}: {refusal.sentence}")
    if count:
        messages.success(request, done(count))


def link_to(url: str, words: Any) -> SafeString:
    """A link in a list."""
    return format_html('<a class="desk-link" href="{}">{}</a>', url, words)


def mark(words: Any, kind: str = "") -> SafeString:
    """A small mark; kind: leaf, straw, clay or nothing."""
    return format_html('<span class="desk-mark {}">{}</span>', f"desk-mark-{kind}" if kind else "", words)


def now_of(_request: HttpRequest) -> Any:
    """The moment of the request, handed to the operations."""
    return timezone.now()
