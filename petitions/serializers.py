"""What the API says of petitions. Who may read which part is decided by the rows it is given."""

from rest_framework import serializers

from petitions.models import CoOrganisation, Deadline, Event, Petition, Reply
from petitions.process import STEPS


class PetitionRowSerializer(serializers.ModelSerializer):
    enterprise = serializers.SlugRelatedField("code", read_only=True)
    enterprise_name = serializers.CharField(source="enterprise.name")
    lead = serializers.SlugRelatedField("code", read_only=True, allow_null=True)
    category = serializers.SlugRelatedField("code", read_only=True, allow_null=True)
    handler = serializers.CharField(source="handler.name", default=None)

    class Meta:
        model = Petition
        fields = (
            "number", "title", "enterprise", "enterprise_name", "stage", "lead", "handler", "category", "filed_at",
            "due_clock", "due_at",
        )  # fmt: skip


class ReplySerializer(serializers.ModelSerializer):
    class Meta:
        model = Reply
        fields = ("final", "cycle", "body", "basis", "conclusion", "promised_on", "at", "shown_at", "withdrawn_at")


class CoOrganisationSerializer(serializers.ModelSerializer):
    unit = serializers.SlugRelatedField("code", read_only=True)

    class Meta:
        model = CoOrganisation
        fields = ("unit", "question", "asked_at", "answer", "answered_at", "waived_because")


class DeadlineSerializer(serializers.ModelSerializer):
    unit = serializers.SlugRelatedField("code", read_only=True, allow_null=True)

    class Meta:
        model = Deadline
        fields = (
            "clock", "cycle", "limit", "started_at", "due_at", "provisional", "met_at", "on_time", "cancelled_at",
            "paused_at", "extensions", "unit",
        )  # fmt: skip


class EventSerializer(serializers.ModelSerializer):
    by = serializers.CharField(source="by.name", default=None)

    class Meta:
        model = Event
        fields = ("seq", "step", "at", "by", "stage_from", "stage_to", "note", "public")


class PetitionSerializer(PetitionRowSerializer):
    """One petition whole. `steps`: what the asker may do now. `deadlines`, `co_organisers`: null for the enterprise."""

    steps = serializers.ListField(child=serializers.ChoiceField(choices=list(STEPS)), read_only=True)
    standard = serializers.SlugRelatedField("code", read_only=True)
    visit = serializers.SlugRelatedField("number", read_only=True, allow_null=True)
    master = serializers.SlugRelatedField("number", read_only=True, allow_null=True)
    follows = serializers.SlugRelatedField("number", read_only=True, allow_null=True)
    replies = ReplySerializer(many=True, source="shown_replies")
    deadlines = DeadlineSerializer(many=True, source="shown_deadlines", allow_null=True)
    co_organisers = CoOrganisationSerializer(many=True, source="shown_co_organisations", allow_null=True)

    class Meta(PetitionRowSerializer.Meta):
        fields = (
            *PetitionRowSerializer.Meta.fields, "body", "place", "channel", "visit", "standard", "version",
            "conclusion", "promised_on", "rework_count", "master", "follows", "outside_number", "transferred_to",
            "receipt_number", "urge_count", "dispatched_at", "accepted_at", "answered_at", "replied_at", "closed_at",
            "steps", "replies", "deadlines", "co_organisers",
        )  # fmt: skip
