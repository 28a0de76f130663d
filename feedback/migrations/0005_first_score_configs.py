"""Two versions of the score's constants: the first for a young community, active; the second for a grown one."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

COMMON = {"demand_half": 30_000, "need_half": 15_000, "bug_half": 80_000, "persona_half": 3_000, "cohort_full": 10_000}
VERSIONS = [
    (1, 50_000, True, "For a young community: newcomers may add up to fifty votes to a suggestion."),
    (2, 5_000, False, "For a grown community: newcomers may add up to five votes to a suggestion."),
]


def make_versions(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Both versions are there, unless somebody made them before."""
    configs = apps.get_model("feedback", "ScoreConfig")
    for version, bonus, active, note in VERSIONS:
        defaults = {"constants": COMMON | {"newcomer_bonus": bonus}, "active": active, "note": note}
        configs.objects.get_or_create(version=version, defaults=defaults)


def drop_versions(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("feedback", "ScoreConfig").objects.filter(version__in=[1, 2]).delete()


class Migration(migrations.Migration):
    dependencies = [("feedback", "0004_voters_keep_their_hour")]
    operations = [migrations.RunPython(make_versions, drop_versions)]
