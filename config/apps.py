from django.apps import AppConfig

from config.celery import app as celery_app
from config.labels import translate_labels

__all__ = ["ConfigConfig", "celery_app"]


class ConfigConfig(AppConfig):
    """The outermost layer: settings, routes and the commands that speak of everything."""

    name = "config"

    def ready(self) -> None:
        translate_labels()
