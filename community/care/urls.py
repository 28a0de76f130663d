"""The addresses of care."""

from django.urls import URLPattern, URLResolver, path

from community.care.views import mine, pages, people, queue, reports

urlpatterns: list[URLPattern | URLResolver] = [
    path("rules/", pages.rules, name="rules"),
    path("transparency/", pages.transparency, name="transparency"),
    path("report/<str:kind>/<int:target_id>/", reports.new, name="report"),
    path("me/reports/", reports.mine, name="my-reports"),
    path("me/reports/<int:report_id>/undo/", reports.undo, name="report-undo"),
    path("me/decisions/", mine.decisions, name="my-decisions"),
    path("me/decisions/<int:decision_id>/", mine.decision, name="my-decision"),
    path("me/blocks/", mine.blocks, name="blocks"),
    path("members/<str:username>/block/", mine.block, name="block"),
    path("members/<str:username>/unblock/", mine.unblock, name="unblock"),
    path("members/<str:username>/mute/", mine.mute, name="mute"),
    path("members/<str:username>/unmute/", mine.unmute, name="unmute"),
    path("moderation/", queue.queue, name="moderation"),
    path("moderation/log/", people.log, name="moderation-log"),
    path("moderation/approve/", queue.approve_many, name="approve-many"),
    path("moderation/members/<str:username>/", people.record, name="member-record"),
    path("moderation/appeals/<int:appeal_id>/decide/", queue.decide, name="appeal-decide"),
    path("moderation/decisions/<int:decision_id>/confirm/", queue.confirm, name="suspension-confirm"),
    path("moderation/decisions/<int:decision_id>/lift/", people.lift, name="sanction-lift"),
    path("moderation/<str:kind>/<int:target_id>/approve/", queue.approve, name="approve"),
    path("moderation/<str:kind>/<int:target_id>/decline/", queue.decline, name="decline"),
    path("moderation/<str:kind>/<int:target_id>/hide/", queue.hide, name="text-hide"),
    path("moderation/<str:kind>/<int:target_id>/restore/", queue.restore, name="text-restore"),
    path("moderation/<str:kind>/<int:target_id>/in-order/", queue.in_order, name="in-order"),
]
