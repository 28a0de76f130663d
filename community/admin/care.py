"""How careful the site and its boards are, which words are watched, and the rules of the community."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from community.admin.base import DeskAdmin, colleague, column, now_of
from community.care.house_rules import adopt_rules
from community.care.plans import keep_plan, unwatch_word, watch_word
from community.models import CarePlan, HouseRules, WatchedWord
from community.privileges import Privilege


@admin.register(WatchedWord)
class WatchedWordAdmin(DeskAdmin):
    """Words that send a text to a moderator first."""

    changes = Privilege.CONFIGURE
    adds = deletes = True
    list_display = ["word", "where", "note"]
    list_filter = ["board"]
    list_select_related = ["board"]
    search_fields = ["word", "note"]
    fields = ["word", "board", "note"]
    ordering = ["word"]

    @column(_("where"), ordering="board")
    def where(self, word: WatchedWord) -> Any:
        return word.board or _("everywhere")

    def save_model(self, request: HttpRequest, obj: WatchedWord, form: Any, change: bool) -> None:
        watch_word(word=obj, by=colleague(request))

    def delete_model(self, request: HttpRequest, obj: WatchedWord) -> None:
        unwatch_word(word=obj, by=colleague(request))


@admin.register(CarePlan)
class CarePlanAdmin(DeskAdmin):
    """How careful a board is; without one of its own the site's holds, and without that the defaults."""

    changes = Privilege.CONFIGURE
    adds = True
    list_display = ["place", "hold_first", "hold_new", "hold_first_link", "links_to_one_host", "target_hours"]
    list_select_related = ["board"]
    fields = ["board", "hold_first", "hold_new", "hold_first_link", "links_to_one_host", "target_hours"]

    @column(_("where"))
    def place(self, plan: CarePlan) -> str:
        return str(plan)

    def save_model(self, request: HttpRequest, obj: CarePlan, form: Any, change: bool) -> None:
        keep_plan(plan=obj, by=colleague(request))


@admin.register(HouseRules)
class HouseRulesAdmin(DeskAdmin):
    """The rules of the community. Each text that is saved is in force from then on; earlier ones stay to be read."""

    changes = Privilege.CONFIGURE
    adds = True
    list_display = ["since", "by", "begins"]
    list_select_related = ["by"]
    fields = ["text", "text_zh_hans", "text_zh_hant"]
    ordering = ["-at", "-pk"]

    @column(_("in force since"), ordering="at")
    def since(self, rules: HouseRules) -> Any:
        return rules.at

    @column(_("begins"))
    def begins(self, rules: HouseRules) -> str:
        return rules.text[:80]

    def save_model(self, request: HttpRequest, obj: HouseRules, form: Any, change: bool) -> None:
        adopt_rules(rules=obj, by=colleague(request), at=now_of(request))
