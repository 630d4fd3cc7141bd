"""REST doors of petitions: the same forms and the same operations as the pages."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as Refusal
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.timezone import localdate
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from directory.api import AFTER
from directory.parties import DESK
from directory.rest import KeysetViewSet, described, form_data, page_of
from petitions import operations
from petitions.filing import ConcernForm, FileForm, RegisterForm
from petitions.forms import FORMS
from petitions.models import Petition
from petitions.operations import OUTSIDE_CHANNELS
from petitions.parties import STAFF_VIEWERS
from petitions.process import STEPS, Stage, check, open_steps
from petitions.progress import as_promised, next_promise, show_promised
from petitions.serializers import EventSerializer, PetitionRowSerializer, PetitionSerializer
from visits.api import VisitDoors
from visits.forms import VisitForm
from visits.models import Difficulty
from visits.serializers import VisitSerializer
from visits.views import cadre_of

CONCERN = described(ConcernForm, "Concern")
OUTSIDE = {
    "follows": serializers.CharField(required=False, max_length=24),
    "channel": serializers.ChoiceField(OUTSIDE_CHANNELS, required=False),
    "outside_number": serializers.CharField(required=False, max_length=60),
    "received_on": serializers.DateField(required=False),
    "again": serializers.BooleanField(required=False),
}
FILES = {"files", "photos"}  # the fields that take uploads
PROBLEMS = {
    400: OpenApiResponse(description="a field is wrong; `errors` names it"),
    403: OpenApiResponse(description="the asker's posts do not allow this step"),
    404: OpenApiResponse(description="it does not exist, for this asker"),
    409: OpenApiResponse(description="the petition stands in another stage: somebody was first"),
    413: OpenApiResponse(description="the body or a file is too large"),
    415: OpenApiResponse(description="a body or a file of a type that is not taken, or not what it says"),
}


class PetitionDoors(KeysetViewSet):
    """The petitions the asker may know of, and the steps the asker may take."""

    serializer_class = PetitionSerializer
    lookup_field = "number"
    lookup_value_regex = "[0-9A-Za-z-]+"
    queryset = Petition.objects.none()

    def get_queryset(self):
        return Petition.objects.visible_to(self.request.user, timezone.now())

    @extend_schema(
        responses=page_of(PetitionRowSerializer),
        parameters=[
            AFTER,
            OpenApiParameter("stage", str, enum=Stage.values),
            OpenApiParameter("awaiting", bool, description="only those whose next move is the asker's"),
        ],
    )
    def list(self, request):
        rows = self.get_queryset().for_rows()
        if stage := request.query_params.get("stage"):
            rows = rows.filter(stage=stage) if stage in Stage.values else rows.none()
        if request.query_params.get("awaiting") == "true":
            rows = rows.awaiting(request.user, timezone.now())
        self.serializer_class = PetitionRowSerializer
        return self.keyset(rows, ["-filed_at", "-id"], lambda found: as_promised(found, request.user, timezone.now()))

    @extend_schema(responses={200: PetitionSerializer, 404: PROBLEMS[404]})
    def retrieve(self, request, number: str):
        return self.answer(number)

    @extend_schema(
        request=described(FileForm, "File", enterprise=serializers.CharField(required=False), **OUTSIDE),
        responses={201: PetitionSerializer, 200: PetitionSerializer} | PROBLEMS,
    )
    def create(self, request):
        """File a petition. The same `key` again answers 200 with what is stored.

        `channel`, `outside_number` and `received_on` are the desk's, for what came by letter, in person, on the web or
        by phone; `again` registers a number once more. `follows` names an earlier petition of the same enterprise.
        """
        now = timezone.now()
        form = filing_form(request, now)
        petition, is_new = perform(form, lambda words: operations.file(by=request.user, now=now, **words))
        return self.answer(petition.number, status.HTTP_201_CREATED if is_new else status.HTTP_200_OK)

    @extend_schema(responses=EventSerializer(many=True))
    @action(detail=True)
    def events(self, request, number: str):
        """What happened, in order; to the enterprise, the public part."""
        petition = get_object_or_404(self.get_queryset(), number=number)
        rows = petition.events.select_related("by")
        if not is_staff_of(petition, request.user):
            rows = rows.filter(public=True)
        return Response(EventSerializer(rows, many=True).data)

    def take_step(self, request, number: str, step: str) -> Response:
        now = timezone.now()
        petition = get_object_or_404(self.get_queryset().for_page(), number=number)
        asked = {"petition": petition, "by": request.user, "now": now}
        data = form_data(request.data, FORMS[step](**asked).fields)
        form = FORMS[step](data, request.FILES, **asked)
        if not form.is_valid():  # what is right goes to the operation, which knows a key that was here before
            check(step, petition, request.user, now)
        perform(form, lambda words: operations.OPERATIONS[step](petition, request.user, now, **words))
        return self.answer(number)

    def answer(self, number: str, code: int = status.HTTP_200_OK) -> Response:
        now = timezone.now()
        petition = get_object_or_404(self.get_queryset().for_page().prefetch_related("deadlines"), number=number)
        petition.steps = open_steps(petition, self.request.user, now)
        staff = is_staff_of(petition, self.request.user)
        if not staff:
            show_promised(petition, next_promise(petition.deadlines.all()))
        replies = petition.replies.all()
        petition.shown_replies = list(replies if staff else replies.filter(shown_at__isnull=False))
        petition.shown_co_organisations = list(petition.co_organisations.all()) if staff else None
        petition.shown_deadlines = list(petition.deadlines.all()) if staff else None
        return Response(PetitionSerializer(petition).data, status=code)


def filing_form(request, now) -> FileForm | RegisterForm:
    """The desk names the outside channel it registers; everybody else files for an enterprise of their own."""
    desk = "channel" in request.data and bool(DESK.anchors(request.user, localdate(now)))
    asked = {"now": now} if desk else {"now": now, "by": request.user}
    form = RegisterForm if desk else FileForm
    return form(form_data(request.data, form(**asked).fields), request.FILES, **asked)


def is_staff_of(petition: Petition, user) -> bool:
    """Does this person see the petition as an official, and so its internal part?"""
    day = localdate(timezone.now())
    return any(party.includes(user, petition, day) for party in STAFF_VIEWERS)


def perform(form, act: Callable):
    """Run the operation with what the form found right; what either refuses is a 400 by field."""
    if not form.is_valid():
        raise refused(form)
    try:
        return act(form.arguments() if callable(form.arguments) else form.arguments)
    except Refusal as wrong:
        if not hasattr(wrong, "error_dict"):
            raise ValidationError({"non_field_errors": wrong.messages}) from wrong
        raise ValidationError(wrong.message_dict) from wrong


class FilesTooLarge(ValidationError):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE


class FilesOfWrongType(ValidationError):
    status_code = status.HTTP_415_UNSUPPORTED_MEDIA_TYPE


FILE_REFUSALS = {"size": FilesTooLarge, "type": FilesOfWrongType, "content": FilesOfWrongType}


def refused(form) -> ValidationError:
    """400 by field; 413 or 415 where nothing but the files is wrong, and all in that way."""
    faults = form.errors.as_data()
    found = {FILE_REFUSALS.get(fault.code, ValidationError) for name in FILES & faults.keys() for fault in faults[name]}
    only = found.pop() if len(found) == 1 and faults.keys() <= FILES else ValidationError
    return only(errors_of(form))


def errors_of(form) -> dict[str, list[str]]:
    return {name.replace("__all__", "non_field_errors"): list(said) for name, said in form.errors.items()}


def step_door(step: str) -> Callable:
    """The door of one step of the table: POST /petitions/{number}/{step}/."""

    def take(self, request, number: str):
        return self.take_step(request, number, step)

    take.__name__ = f"take_{step}"
    take.__doc__ = f"Take the step “{STEPS[step].label}”."
    words = described(FORMS[step], step.title().replace("_", ""))
    take = action(detail=True, methods=["post"], url_path=step, url_name=step)(take)  # would drop a schema set before
    return extend_schema(request=words, responses={200: PetitionSerializer} | PROBLEMS)(take)


for name in FORMS:
    setattr(PetitionDoors, f"take_{name}", step_door(name))


class LogVisitDoors(VisitDoors):
    """Visits, and logging one: a concern heard on it becomes a petition in the same save."""

    @extend_schema(
        request=described(VisitForm, "Visit", enterprise=serializers.CharField(), concern=CONCERN(required=False)),
        responses={201: VisitSerializer, 200: VisitSerializer} | PROBLEMS,
    )
    def create(self, request):
        """Log a visit, and file the `concern` where `difficulty` is "petition". The same `uid` again answers 200."""
        now = timezone.now()
        host = cadre_of(request.user, localdate(now))
        if host is None:
            raise PermissionDenied
        data = form_data(request.data, VisitForm(host=host, now=now).fields)
        form = VisitForm(data, request.FILES, host=host, now=now)
        concern = self.concern(request, form, now)

        def act(words: dict):
            visited = {"uid": words["uid"], "enterprise": words["enterprise"], "visit_fields": words["fields"]}
            asked = {"host": host, "by": request.user, "now": now, "concern": concern}
            return operations.log_visit_with_concern(**visited, **asked)

        visit, _petition, is_new = perform(form, act)
        return Response(VisitSerializer(visit).data, status.HTTP_201_CREATED if is_new else status.HTTP_200_OK)

    def concern(self, request, form: VisitForm, now) -> dict | None:
        """What to file, checked by the form of the page; None where the visit heard no petition."""
        if not form.is_valid() or form.cleaned_data["difficulty"] != Difficulty.PETITION:
            return None
        said = request.data.get("concern")
        if not isinstance(said, dict):
            raise ValidationError({"concern": ["An object is expected."]})
        try:
            asked = ConcernForm(form_data(said, ConcernForm.base_fields), now=now)
        except ValidationError as wrong:
            raise ValidationError({"concern": wrong.detail}) from wrong
        if not asked.is_valid():
            raise ValidationError({"concern": errors_of(asked)})
        return asked.cleaned_data
