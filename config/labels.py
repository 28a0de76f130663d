"""Models and their fields have names in every language, without a migration for each word."""

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, gettext_noop

OURS = ("community", "feedback", "rewards")
# What Django makes of the names of our classes and fields, written out for makemessages to find.
WORDS = (
    gettext_noop("active"),
    gettext_noop("active days"),
    gettext_noop("activities"),
    gettext_noop("activity"),
    gettext_noop("actor"),
    gettext_noop("agrees"),
    gettext_noop("ambiguous"),
    gettext_noop("answered at"),
    gettext_noop("answered by"),
    gettext_noop("assignee"),
    gettext_noop("at"),
    gettext_noop("attempts"),
    gettext_noop("author"),
    gettext_noop("batch"),
    gettext_noop("board"),
    gettext_noop("boards"),
    gettext_noop("by"),
    gettext_noop("claimed at"),
    gettext_noop("closed at"),
    gettext_noop("comment"),
    gettext_noop("comments"),
    gettext_noop("constants"),
    gettext_noop("created at"),
    gettext_noop("data"),
    gettext_noop("decided at"),
    gettext_noop("decided by"),
    gettext_noop("deliveries"),
    gettext_noop("delivery"),
    gettext_noop("department"),
    gettext_noop("departments"),
    gettext_noop("due at"),
    gettext_noop("duplicate"),
    gettext_noop("edited at"),
    gettext_noop("error"),
    gettext_noop("into"),
    gettext_noop("key"),
    gettext_noop("kind"),
    gettext_noop("listener"),
    gettext_noop("made at"),
    gettext_noop("made by"),
    gettext_noop("mailing"),
    gettext_noop("mailings"),
    gettext_noop("member"),
    gettext_noop("members"),
    gettext_noop("merge"),
    gettext_noop("merge proposal"),
    gettext_noop("merge proposals"),
    gettext_noop("merges"),
    gettext_noop("message id"),
    gettext_noop("moderators"),
    gettext_noop("moved at"),
    gettext_noop("name"),
    gettext_noop("name zh hans"),
    gettext_noop("name zh hant"),
    gettext_noop("note"),
    gettext_noop("owner"),
    gettext_noop("parent"),
    gettext_noop("period"),
    gettext_noop("persona"),
    gettext_noop("personas"),
    gettext_noop("position"),
    gettext_noop("post"),
    gettext_noop("posts"),
    gettext_noop("product"),
    gettext_noop("products"),
    gettext_noop("proposed by"),
    gettext_noop("reads"),
    gettext_noop("release"),
    gettext_noop("releases"),
    gettext_noop("roadmap item"),
    gettext_noop("roadmap items"),
    gettext_noop("score config"),
    gettext_noop("score configs"),
    gettext_noop("sent at"),
    gettext_noop("shares"),
    gettext_noop("shipped at"),
    gettext_noop("shipped by"),
    gettext_noop("slug"),
    gettext_noop("source id"),
    gettext_noop("source system"),
    gettext_noop("source url"),
    gettext_noop("state"),
    gettext_noop("subject id"),
    gettext_noop("suggestion"),
    gettext_noop("suggestions"),
    gettext_noop("tag"),
    gettext_noop("tags"),
    gettext_noop("triaged at"),
    gettext_noop("undone at"),
    gettext_noop("undone by"),
    gettext_noop("verb"),
    gettext_noop("verified at"),
    gettext_noop("version"),
)
# What happened, as the record of the admin says it.
VERBS = (
    gettext_noop("member joined"),
    gettext_noop("member changed"),
    gettext_noop("role changed"),
    gettext_noop("personas changed"),
    gettext_noop("post written"),
    gettext_noop("post edited"),
    gettext_noop("post changed"),
    gettext_noop("comment written"),
    gettext_noop("comment changed"),
    gettext_noop("vote cast"),
    gettext_noop("vote withdrawn"),
    gettext_noop("status changed"),
    gettext_noop("suggestion answered"),
    gettext_noop("suggestion triaged"),
    gettext_noop("suggestion merged"),
    gettext_noop("suggestion unmerged"),
    gettext_noop("score config switched"),
    gettext_noop("roadmap moved"),
    gettext_noop("release shipped"),
    gettext_noop("suggestion shipped"),
    gettext_noop("posts imported"),
    gettext_noop("import undone"),
    gettext_noop("level changed"),
)


def translate_labels() -> None:
    """Every name that Django derived from a class or a field is looked up when it is shown.

    Migrations do not see it: they compare what was written in the models.
    """
    for label in OURS:
        for model in apps.get_app_config(label).get_models():
            meta = model._meta
            meta.verbose_name = gettext_lazy(str(meta.verbose_name))
            meta.verbose_name_plural = gettext_lazy(str(meta.verbose_name_plural))
            for field in (*meta.fields, *meta.many_to_many):
                if not isinstance(field.verbose_name, Promise):
                    field.verbose_name = gettext_lazy(field.verbose_name)
