from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class CommunityConfig(AppConfig):
    """People, conversation and the record of what happened."""

    name = "community"
    verbose_name = _("Community")

    def ready(self) -> None:
        """Every app's joins, listeners, slots, digest sections, pending acts and words for notices are known."""
        autodiscover_modules("joins", "listeners", "slots", "sections", "pending_acts", "wordings")
