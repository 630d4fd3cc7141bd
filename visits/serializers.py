"""What the API says of visits. Risk signs are restricted and never leave through it."""

from rest_framework import serializers

from visits.models import TRENDS, Visit


class VisitRowSerializer(serializers.ModelSerializer):
    enterprise = serializers.SlugRelatedField("code", read_only=True)
    enterprise_name = serializers.CharField(source="enterprise.name")
    host = serializers.SlugRelatedField("code", read_only=True)
    unit = serializers.SlugRelatedField("code", read_only=True)

    class Meta:
        model = Visit
        fields = (
            "number",
            "uid",
            "enterprise",
            "enterprise_name",
            "host",
            "unit",
            "visited_on",
            "mode",
            "purpose",
            "difficulty",
        )


class VisitSerializer(VisitRowSerializer):
    class Meta(VisitRowSerializer.Meta):
        fields = (
            *VisitRowSerializer.Meta.fields, "started_at", "ended_at", "place", "met", *TRENDS, "policies", "answer",
            "promise", "promised_on", "made_at", "received_at", "lateness",
        )  # fmt: skip
