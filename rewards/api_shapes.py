"""Shapes of what the API says of points; shape only."""

from django.conf import settings
from rest_framework import serializers

from rewards.statement import Line


class LineShape(serializers.Serializer):
    """One line of a statement. reason: a code; words: the same for people; post: what it was for, where it may be seen."""

    id = serializers.IntegerField(source="entry.pk")
    at = serializers.DateTimeField()
    amount = serializers.IntegerField()
    balance = serializers.IntegerField(help_text="What the account held after this line.")
    reason = serializers.CharField(source="entry.transfer.reason")
    words = serializers.CharField()
    rule_version = serializers.IntegerField(source="version")
    activity = serializers.IntegerField(source="entry.transfer.activity_id", help_text="The fact that caused it.")
    post = serializers.SerializerMethodField(help_text="The address of the post it was for, or null.")

    def get_post(self, line: Line) -> str | None:
        return settings.SITE_URL + line.post.get_absolute_url() if line.post else None


class PointsShape(serializers.Serializer):
    """Balances, and a page of lines."""

    points = serializers.IntegerField(help_text="To spend.")
    honour = serializers.IntegerField(help_text="Never spent.")
    debt = serializers.IntegerField(help_text="Points still owed; later earnings pay them first.")
    of = serializers.CharField()
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = LineShape(many=True)
