"""API: the caller's points, honour and statement."""

from collections.abc import Sequence

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from community.api_base import SproutView
from rewards.api_shapes import PointsShape
from rewards.ledger import balances_of
from rewards.models import Currency, Entry
from rewards.statement import lines_of

OF = OpenApiParameter("of", str, enum=Currency.values, description="Which account's lines are wanted; points unless told.")


class PointsView(SproutView):
    """What the caller holds and owes, and the lines of one account, newest first."""

    serializer_class = PointsShape
    queryset = Entry.objects.none()
    members_only = True

    @extend_schema(operation_id="me_points_read", parameters=[OF], responses=PointsShape)
    def get(self, request: Request) -> Response:
        """The caller's balances and statement; every line names its cause."""
        currency = request.query_params.get("of", Currency.POINTS)
        wanted = currency if currency in Currency.values else Currency.POINTS
        rows: Sequence[Entry] = self.paginate_queryset(Entry.objects.statement_of(self.member.pk, wanted)) or []
        page = self.get_paginated_response(lines_of(self.member, rows))
        held = balances_of([self.member.pk])[self.member.pk]
        return Response(PointsShape({**held, "of": wanted, **page.data}).data)
