"""Slots: named places in community's pages that higher apps fill, with one query per slot and page.

A page calls `prepare(request, "row", objects)`; its template says `{% slot "row_vote" object %}`. A filler gets the
object, what its `prepare` loaded for all objects at once, and the template's context, and answers safe HTML.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString

Prepare = Callable[[HttpRequest, Sequence[Any]], Any]
Fill = Callable[[HttpRequest, Any, Any], SafeString | str]


@dataclass(frozen=True)
class Filler:
    """What one app shows in one slot."""

    fill: Fill
    prepare: Prepare | None
    order: int


REGISTER: dict[str, list[Filler]] = {}


def slot(name: str, *, prepare: Prepare | None = None, order: int = 0) -> Callable[[Fill], Fill]:
    """The function fills the slot: `fill(request, object, prepared) -> safe HTML`.

    prepare: `prepare(request, objects) -> anything`, called once per page; its answer is handed to every fill.
    """

    def register(fill: Fill) -> Fill:
        REGISTER.setdefault(name, []).append(Filler(fill, prepare, order))
        REGISTER[name].sort(key=lambda filler: filler.order)
        return fill

    return register


def prepare(request: HttpRequest, name: str, objects: Sequence[Any]) -> None:
    """What the slot's fillers need for these objects is loaded and waits on the request."""
    loaded = _loaded(request)
    for filler in REGISTER.get(name, []):
        if filler.prepare is not None:
            loaded[id(filler)] = _load(request, filler.prepare, objects)


def fill(request: HttpRequest, name: str, thing: Any) -> str:
    """The slot's HTML for one object; an unprepared slot prepares itself for that object alone."""
    loaded = _loaded(request)
    parts: list[str] = []
    for filler in REGISTER.get(name, []):
        if filler.prepare is not None and id(filler) not in loaded:
            loaded[id(filler)] = _load(request, filler.prepare, [thing])
        parts.append(filler.fill(request, thing, loaded.get(id(filler))))
    return "".join(parts)


def _load(request: HttpRequest, load: Prepare, objects: Sequence[Any]) -> Any:
    """What is loaded for these very objects; slots that share a loader share its answer."""
    shared = _loaded(request).setdefault("shared", {})
    key = (load, *map(id, objects))
    if key not in shared:
        # The objects are kept along, so that no other can take over their identity.
        shared[key] = (objects, load(request, objects))
    return shared[key][1]


def _loaded(request: HttpRequest) -> dict[int | str, Any]:
    found: dict[int | str, Any] | None = getattr(request, "_sprout_slots", None)
    if found is None:
        found = {}
        request._sprout_slots = found  # type: ignore[attr-defined]
    return found
