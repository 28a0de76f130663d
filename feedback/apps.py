from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FeedbackConfig(AppConfig):
    """From a wish to a release: votes, triage, score, roadmap, releases."""

    name = "feedback"
    verbose_name = _("Feedback")
