"""The desk's forms: they parse, the operations decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from community.forms.base import KindForm
from community.models import Member, PostKind
from feedback.models import Department, Status, Suggestion
from feedback.models.suggestion import Frequency, Severity

FITS = [(0, _("0, no fit")), (1, _("1, a little")), (2, _("2, fits the plan")), (3, _("3, at its heart"))]
KINDS = [kind for kind in PostKind.choices if kind[0] not in ("announcement", "story")]


class StatusForm(KindForm):
    """Status and official answer, given together."""

    status = forms.ChoiceField(label=_("Status"), choices=Status.choices, widget=UnfoldAdminSelectWidget)
    answer = forms.CharField(
        label=_("Official answer, public, under your name"),
        required=False,
        strip=True,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}),
        help_text=_("Markdown. Declining takes a reason, and what would change it."),
    )

    @classmethod
    def of(cls, suggestion: Suggestion, data: Any = None) -> "StatusForm":
        return cls(data, initial={"status": suggestion.status, "answer": suggestion.answer})


class TriageForm(KindForm):
    """Staff's view of the suggestion."""

    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS, widget=UnfoldAdminSelectWidget)
    severity = forms.TypedChoiceField(label=_("Severity"), choices=Severity.choices, coerce=int, widget=UnfoldAdminSelectWidget)
    frequency = forms.TypedChoiceField(
        label=_("Frequency"),
        choices=[("", _("Not known")), *Frequency.choices],
        coerce=int,
        empty_value=None,
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    department = forms.ModelChoiceField(
        label=_("Department"), queryset=Department.objects.all(), required=False, widget=UnfoldAdminSelectWidget
    )
    assignee = forms.ModelChoiceField(
        label=_("Assignee"), queryset=Member.objects.none(), required=False, widget=UnfoldAdminSelectWidget
    )
    strategy_fit = forms.TypedChoiceField(label=_("Strategy fit"), choices=FITS, coerce=int, widget=UnfoldAdminSelectWidget)
    strategy_reason = forms.CharField(label=_("Why it fits"), max_length=280, required=False, widget=UnfoldAdminTextInputWidget)
    evidence = forms.IntegerField(
        label=_("Evidence, 0 to 10,000"), min_value=0, max_value=10_000, widget=UnfoldAdminIntegerFieldWidget
    )
    evidence_source = forms.CharField(
        label=_("Where the evidence comes from"), max_length=280, required=False, widget=UnfoldAdminTextInputWidget
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assignee = self.fields["assignee"]
        assert isinstance(assignee, forms.ModelChoiceField)
        assignee.queryset = Member.objects.staff().order_by("display_name", "pk")

    @classmethod
    def of(cls, suggestion: Suggestion, data: Any = None) -> "TriageForm":
        names = [name for name in cls.base_fields if name != "kind"]
        initial = {name: getattr(suggestion, name) for name in names}
        return cls(data, initial={**initial, "kind": suggestion.post.kind})


class NoteForm(KindForm):
    """A note for the team."""

    body = forms.CharField(
        label=_("Note for the team"), widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}), help_text=_("Never shown in public.")
    )


class LinkForm(KindForm):
    """The suggestion this one is the same as."""

    link = forms.CharField(
        label=_("Merge into"),
        max_length=600,
        widget=UnfoldAdminTextInputWidget(attrs={"placeholder": _("Link or number of the other suggestion")}),
    )
