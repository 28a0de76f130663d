from importlib import import_module
from pathlib import Path

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

BY_NAME = ("joins", "listeners", "slots", "sections", "pending_acts", "wordings", "personal", "screens", "sitemaps", "targets")


class CommunityConfig(AppConfig):
    """People, conversation and the record of what happened."""

    name = "community"
    verbose_name = _("Community")

    def ready(self) -> None:
        """Every app's joins, listeners, slots, digest sections, pending acts, words for notices and screens are known.

        An area of community (`community/polls/`) brings its own, in modules of the same names.
        """
        autodiscover_modules(*BY_NAME)
        for module in sorted(Path(self.path).glob("*/*.py")):
            if module.stem in BY_NAME:
                import_module(f"{self.name}.{module.parent.name}.{module.stem}")
