"""Is it well? /healthz for the process, /readyz for what it needs, /metrics for those who watch."""

import hmac
import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from community.deliveries import state_of_debts
from community.models import Mailing, Standing
from community.sign_in import is_at_home
from config.celery import HEARTBEAT_KEY

OLDEST_DEBT = 300
_migrated: list[bool] = []


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and is migrated; with ?all=1 also broker, a live worker and no old debt.

    Details only for this machine or the bearer of METRICS_TOKEN; others read one word.
    """
    facts = {"database": _database(), "migrations": _migrations()}
    if request.GET.get("all") == "1":
        facts |= _behind_the_scenes()
    well = all(facts.values())
    shown: dict[str, Any] = {"ready": well}
    if may_look_inside(request):
        shown |= facts
    return JsonResponse(shown, status=200 if well else 503, headers={"Cache-Control": "no-store"})


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
            return bool(cursor.fetchone())
    except Exception:  # noqa: BLE001 - whatever is wrong, the answer is no
        return False


def _migrations() -> bool:
    # Once migrated, this process's code stays migrated: the plan is worked out until it is empty, then never again.
    if not _migrated:
        try:
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                return False
        except Exception:  # noqa: BLE001
            return False
        _migrated.append(True)
    return True


def _behind_the_scenes() -> dict[str, bool]:
    try:
        beat = cache.get(HEARTBEAT_KEY)
        debts = state_of_debts(at=timezone.now())
    except Exception:  # noqa: BLE001
        return {"broker": False, "worker": False, "debts": False}
    alive = beat is not None and time.time() - beat < 30
    return {"broker": True, "worker": alive, "debts": debts["oldest_seconds"] < OLDEST_DEBT}


def may_look_inside(request: HttpRequest) -> bool:
    """The caller bears METRICS_TOKEN, or none is set and they are on this machine without a proxy between."""
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
    return is_at_home(request)


def metrics(request: HttpRequest) -> HttpResponse:
    """What a monitor wants to draw, in Prometheus' text; 404 for everybody who may not look inside."""
    if not may_look_inside(request):
        raise Http404
    registry = CollectorRegistry()
    debts = state_of_debts(at=timezone.now())
    beat = cache.get(HEARTBEAT_KEY)
    figures = {
        "sprout_debts_waiting": ("Deliveries not paid yet", debts["waiting"]),
        "sprout_debts_parked": ("Deliveries parked with an error", debts["parked"]),
        "sprout_oldest_debt_seconds": ("Age of the oldest due delivery", debts["oldest_seconds"]),
        "sprout_worker_heartbeat_seconds": ("Seconds since a worker gave a sign of life", time.time() - beat if beat else -1),
        "sprout_mails_waiting": ("Mails written but not sent", Mailing.objects.filter(state=Mailing.State.WAITING).count()),
        "sprout_mails_failed": ("Mails the server refused", Mailing.objects.filter(state=Mailing.State.FAILED).count()),
        "sprout_posts": ("Posts with a standing", Standing.objects.count()),
    }
    for name, (words, value) in figures.items():
        Gauge(name, words, registry=registry).set(value)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
