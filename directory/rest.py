"""What the REST doors of every app share: lists page by page, and the pages' own forms filled in from JSON."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError as Refusal
from django.db.models import QuerySet
from django.http import QueryDict
from rest_framework import serializers, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from directory.fields import PickField, PicksField, plain
from directory.pages import Keyset

YES_NO = {"yes", "no"}


class KeysetViewSet(viewsets.GenericViewSet):
    """A list answered as `results` and `next`, the address of the following page or null."""

    pagination_class = None

    def keyset(self, rows: QuerySet, order: list, shown: Callable[[list], list] = list) -> Response:
        """shown: what of the page's rows this reader sees."""
        page = Keyset(rows, order).page(self.request.query_params.get("after", ""))
        address = None
        if page.next_cursor:
            query = self.request.query_params.copy()
            query["after"] = page.next_cursor
            address = self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode()}")
        results = self.get_serializer(shown(page.rows), many=True).data
        return Response({"results": results, "next": address})


def page_of(row: type[serializers.BaseSerializer]) -> type[serializers.Serializer]:
    """The schema of a page of such rows."""
    name = row.__name__.removesuffix("Serializer")
    fields = {"results": row(many=True), "next": serializers.URLField(allow_null=True)}
    return type(f"{name}PageSerializer", (serializers.Serializer,), fields)


def form_data(said: QueryDict | dict[str, Any], fields: dict[str, forms.Field]) -> QueryDict | dict[str, Any]:
    """What a body says, as a form reads it. Raises 400 naming each field whose value no form could read."""
    if isinstance(said, QueryDict):
        return said
    wrong = {name: [fault] for name, field in fields.items() if (fault := _fault(said.get(name), field))}
    if wrong:
        raise ValidationError(wrong)
    return {name: _said(value, fields[name]) for name, value in said.items() if name in fields}


def _is_many(field: forms.Field) -> bool:
    return isinstance(field, PicksField | forms.MultipleChoiceField | forms.ModelMultipleChoiceField)


def _fault(value: Any, field: forms.Field) -> str:
    """Why no form could read this value: the wrong shape, or half a character; nothing where one can."""
    if value is None:
        return ""
    if not _is_many(field) and not isinstance(value, str | int | float):
        return "A string, a number or a boolean is expected."
    if _is_many(field) and not (isinstance(value, list) and all(isinstance(one, str) for one in value)):
        return "A list of strings is expected."
    try:
        plain("".join(value) if _is_many(field) else str(value))
    except Refusal as half:
        return half.message
    return ""


def _said(value: Any, field: forms.Field) -> Any:
    """A value as the form's widget would send it."""
    if value is None:
        return [] if _is_many(field) else ""
    if isinstance(value, bool):
        choices = {str(choice) for choice, _label in getattr(field, "choices", ())}
        return ("yes" if value else "no") if choices == YES_NO else ("on" if value else "")
    return value if isinstance(value, list) else str(value)


def described(form: type[forms.Form], name: str, **more: serializers.Field) -> type[serializers.Serializer]:
    """The schema of a form's fields, for the OpenAPI description only; the form itself checks them."""
    fields = {key: _schema(field) for key, field in form.base_fields.items()}
    return type(f"{name}FieldsSerializer", (serializers.Serializer,), fields | more)


def _schema(field: forms.Field) -> serializers.Field:
    common = {"required": field.required, "help_text": str(field.label or "")}
    for kind, make in SCHEMAS:
        if isinstance(field, kind):
            return make(field, common)
    most = getattr(field, "max_length", None)
    return serializers.CharField(**common, allow_blank=not field.required, max_length=most)


def _choice(field: forms.ChoiceField, common: dict) -> serializers.Field:
    if {str(choice) for choice, _label in field.choices} == YES_NO:
        return serializers.BooleanField(**common)
    known = [choice for choice in field.choices if choice[0] != ""]
    if not known:  # offered when the form is made
        return serializers.CharField(allow_blank=not field.required, **common)
    return serializers.ChoiceField(choices=known, allow_blank=not field.required, **common)


def _listed(child: type[serializers.Field]) -> Callable:
    return lambda field, common: serializers.ListField(child=child(), **common)


def _plain(kind: type[serializers.Field]) -> Callable:
    return lambda field, common: kind(**common)


SCHEMAS = (  # the more special kinds first
    (forms.FileField, _listed(serializers.FileField)),
    (PicksField, _listed(serializers.CharField)),
    (PickField, lambda field, common: serializers.CharField(**common, allow_blank=not field.required)),
    (forms.UUIDField, _plain(serializers.UUIDField)),
    (forms.DateField, _plain(serializers.DateField)),
    (forms.DateTimeField, _plain(serializers.DateTimeField)),
    (forms.ChoiceField, _choice),
)
