"""REST doors of joint conferences: the same forms and the same operations as the pages."""

from collections.abc import Callable
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from directory.api import AFTER
from directory.rest import KeysetViewSet, described, form_data, page_of
from petitions import operations
from petitions.api import PROBLEMS, perform
from petitions.conferences import CAME_OF, Minutes
from petitions.forms.conference import ArrangeForm, CallOffForm, ConferenceForm, MinuteForm, PublishForm
from petitions.models import AgendaItem, Conference
from petitions.operations.conference import check_convenes

MUTE = dict.fromkeys(("question", "decision", "verdict"), "") | dict.fromkeys(("owner", "due_on", "came_of"))


class ConferenceRowSerializer(serializers.ModelSerializer):
    class Meta:
        model = Conference
        fields = (
            "number", "title", "held_at", "place", "chair", "convened_at", "published_at", "cancelled_at",
            "cancelled_because",
        )  # fmt: skip


class AgendaItemSerializer(serializers.Serializer):
    """One petition on the agenda. What was decided is empty for those who may not read it before it is published."""

    petition = serializers.CharField()
    title = serializers.CharField()
    question = serializers.CharField()
    decision = serializers.CharField()
    verdict = serializers.ChoiceField(choices=[("", ""), *AgendaItem.Verdict.choices])
    owner = serializers.CharField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    came_of = serializers.ChoiceField(choices=list(CAME_OF), allow_null=True)


class ConferenceSerializer(ConferenceRowSerializer):
    """One conference whole. `version`: to be sent back with a change, so that nobody overwrites what another wrote."""

    units = serializers.SlugRelatedField("code", many=True, read_only=True)
    remarks = serializers.CharField(source="shown_remarks")
    agenda = AgendaItemSerializer(many=True, source="shown_agenda")

    class Meta(ConferenceRowSerializer.Meta):
        fields = (*ConferenceRowSerializer.Meta.fields, "version", "units", "remarks", "agenda")


class WrittenSerializer(serializers.Serializer):
    """What was decided of one petition; a petition that is not named keeps what was written."""

    petition = serializers.CharField()
    question = serializers.CharField(required=False)
    decision = serializers.CharField(required=False)
    verdict = serializers.ChoiceField(choices=AgendaItem.Verdict.choices, required=False, allow_blank=True)
    owner = serializers.CharField(required=False, help_text="the code of a unit")
    due_on = serializers.DateField(required=False)


NUMBERS = serializers.ListField(child=serializers.CharField(), help_text="the numbers of the petitions on the agenda")
ARRANGEMENT = described(ArrangeForm, "Arrangement", petitions=NUMBERS)
WRITTEN = described(MinuteForm, "Decisions", items=WrittenSerializer(many=True))


class ConferenceDoors(KeysetViewSet):
    """The conferences the asker may know of; supervision and district leaders convene them and publish the minutes."""

    serializer_class = ConferenceSerializer
    lookup_field = "number"
    lookup_value_regex = "[0-9A-Za-z-]+"
    queryset = Conference.objects.none()

    def get_queryset(self):
        return Conference.objects.visible_to(self.request.user, timezone.now())

    @extend_schema(responses=page_of(ConferenceRowSerializer), parameters=[AFTER])
    def list(self, request):
        self.serializer_class = ConferenceRowSerializer
        return self.keyset(self.get_queryset(), ["-held_at", "-id"])

    @extend_schema(responses={200: ConferenceSerializer, 404: PROBLEMS[404]})
    def retrieve(self, request, number: str):
        return self.answer(number)

    @extend_schema(request=ARRANGEMENT, responses={201: ConferenceSerializer} | PROBLEMS)
    def create(self, request):
        """Convene a conference. The same `key` again answers with what is stored."""
        now = timezone.now()
        check_convenes(request.user, now)
        data = with_numbers(request.data)
        form = ArrangeForm(form_data(data, ArrangeForm.base_fields), by=request.user, now=now)
        conference = perform(form, lambda words: operations.convene(by=request.user, now=now, **words))
        return self.answer(conference.number, status.HTTP_201_CREATED)

    @extend_schema(request=ARRANGEMENT, responses={200: ConferenceSerializer} | PROBLEMS)
    @action(detail=True, methods=["post"])
    def agenda(self, request, number: str):
        """Another time, place, table or agenda; what is left out of `petitions` leaves the agenda."""
        return self.change(number, ArrangeForm, operations.rearrange, lambda form: with_numbers(request.data))

    @extend_schema(request=WRITTEN, responses={200: ConferenceSerializer} | PROBLEMS)
    @action(detail=True, methods=["post"])
    def decisions(self, request, number: str):
        """Write down what was said and decided; nothing of it binds before it is published."""
        return self.change(number, MinuteForm, operations.minute, lambda form: with_items(request.data, form))

    @extend_schema(request=described(PublishForm, "Publish"), responses={200: ConferenceSerializer} | PROBLEMS)
    @action(detail=True, methods=["post"])
    def publish(self, request, number: str):
        """Publish the minutes: all decisions bind, or none; `errors` names the petitions that stand in the way."""
        return self.change(number, PublishForm, operations.publish)

    @extend_schema(request=described(CallOffForm, "CallOff"), responses={200: ConferenceSerializer} | PROBLEMS)
    @action(detail=True, methods=["post"])
    def cancel(self, request, number: str):
        return self.change(number, CallOffForm, operations.call_off)

    def change(self, number: str, form_class: type[ConferenceForm], act: Callable, said: Callable | None = None):
        now, user = timezone.now(), self.request.user
        conference = get_object_or_404(self.get_queryset(), number=number)
        check_convenes(user, now)
        asked = {"by": user, "now": now, "conference": conference}
        fresh = form_class(**asked)
        data = form_data(said(fresh) if said else self.request.data, fresh.fields)
        perform(form_class(data, **asked), lambda words: act(conference, user, now, **words))
        return self.answer(number)

    def answer(self, number: str, code: int = status.HTTP_200_OK) -> Response:
        conference = get_object_or_404(self.get_queryset().prefetch_related("units"), number=number)
        minutes = Minutes(conference, self.request.user, timezone.now())
        conference.shown_remarks = conference.remarks if minutes.shows_decisions else ""
        conference.shown_agenda = [shown(line, minutes.shows_decisions) for line in minutes.lines]
        return Response(ConferenceSerializer(conference).data, status=code)


def shown(line, decisions: bool) -> dict[str, Any]:
    item = line.item
    said = {"petition": line.petition.number, "title": line.petition.title}
    if not decisions:
        return said | MUTE
    said |= {part: getattr(item, part) for part in ("question", "decision", "verdict", "due_on")}
    return said | {"owner": item.owner.code if item.owner else None, "came_of": line.came or None}


def with_numbers(data) -> Any:
    """The petitions of a body as the form's text of numbers."""
    petitions = data.get("petitions", [])
    if hasattr(data, "getlist"):
        petitions = data.getlist("petitions")
    if not isinstance(petitions, list) or not all(isinstance(one, str) for one in petitions):
        raise ValidationError({"petitions": ["A list of strings is expected."]})
    return {name: data[name] for name in data if name not in ("waiting", "units")} | units_of(data) | {
        "numbers": "\n".join(petitions)
    }  # fmt: skip


def units_of(data) -> dict[str, Any]:
    if "units" not in data:
        return {}
    return {"units": data.getlist("units") if hasattr(data, "getlist") else data["units"]}


def with_items(data, form: MinuteForm) -> dict[str, Any]:
    """The items of a body as the form's fields, one set for each petition; what is not said stays as it was."""
    items = data.get("items", [])
    if not isinstance(items, list) or not all(isinstance(one, dict) for one in items):
        raise ValidationError({"items": ["A list of objects is expected."]})
    known = [row.item.petition.number for row in form.rows]
    if not all(one.get("petition") in known for one in items):
        raise ValidationError({"items": ["Each item names a petition on the agenda."]})
    kept = {name: form[name].value() for name in form.fields if name not in ("key", "version")}
    kept = {name: str(value) for name, value in kept.items() if value is not None}
    said = {f"{part}_{one['petition']}": value for one in items for part, value in one.items() if part != "petition"}
    plain = {name: data[name] for name in ("key", "version", "remarks") if name in data}
    return kept | said | plain
