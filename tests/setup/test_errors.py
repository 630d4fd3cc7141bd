"""How refusals look to a reader, to htmx and to a program."""

import json

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.http import Http404
from django.test import Client, RequestFactory
from rest_framework import exceptions

from config.errors import REFUSALS, api_exception_handler, refuse
from petitions.process import WrongStage

HTMX = {"HX-Request": "true"}
RAISED = [
    (Http404(), 404, "not-found"),
    (exceptions.NotFound(), 404, "not-found"),
    (PermissionDenied("不可"), 403, "forbidden"),
    (exceptions.NotAuthenticated(), 401, "not-signed-in"),
    (WrongStage("已受理"), 409, "wrong-stage"),
    (ValidationError({"title": ["太长"]}), 400, "invalid"),
    (exceptions.ValidationError({"title": ["太长"]}), 400, "invalid"),
    (exceptions.ParseError(), 400, "malformed"),
    (exceptions.MethodNotAllowed("PUT"), 405, "method-not-allowed"),
    (exceptions.UnsupportedMediaType("text/csv"), 415, "unsupported-media-type"),
    (RequestDataTooBig(), 413, "too-large"),
    (exceptions.Throttled(wait=9), 429, "too-many-requests"),
]


def details(raised: Exception) -> dict:
    answer = api_exception_handler(raised, {})
    assert answer.content_type == "application/problem+json"
    assert answer.data["status"] == answer.status_code
    return answer.data


@pytest.mark.parametrize(("raised", "status", "code"), RAISED, ids=lambda value: type(value).__name__)
def test_each_exception_has_its_status_and_a_stable_code(db, raised, status, code):
    body = details(raised)
    assert (body["status"], body["code"], body["type"]) == (status, code, "about:blank")
    assert set(body) - {"errors"} == {"type", "title", "status", "detail", "code"}


def test_what_is_wrong_is_told_by_field(db):
    assert details(ValidationError({"title": ["太长"]}))["errors"] == {"title": ["太长"]}
    assert details(ValidationError("整体有误"))["errors"] == {"non_field_errors": ["整体有误"]}


def test_reasons_are_passed_on(db):
    assert details(WrongStage("已受理"))["detail"] == "已受理"
    assert details(PermissionDenied("不可"))["detail"] == "不可"


def test_what_nobody_foresaw_is_left_to_the_server(db):
    assert api_exception_handler(RuntimeError(), {}) is None


@pytest.mark.parametrize("status", REFUSALS)
def test_a_refusal_is_a_page_a_fragment_or_problem_details(status):
    page = refuse(RequestFactory().get("/x/"), status)
    assert (page.status_code, "<h1>" in page.content.decode()) == (status, True)
    fragment = refuse(RequestFactory().get("/x/", headers=HTMX), status)
    assert (fragment.status_code, fragment["HX-Retarget"], fragment["HX-Reswap"]) == (status, "#messages", "innerHTML")
    assert "<html" not in fragment.content.decode()
    problem = refuse(RequestFactory().get("/api/v1/x/"), status)
    assert (problem.status_code, problem["Content-Type"]) == (status, "application/problem+json")
    assert json.loads(problem.content)["code"] == REFUSALS[status].code


def test_a_page_that_breaks_says_so_without_the_database(settings, django_db_blocker):
    settings.ROOT_URLCONF = "tests.interface.kitchen"
    client = Client(raise_request_exception=False)
    with django_db_blocker.block():
        answer = client.get("/kitchen/broken/")
    assert answer.status_code == 500
    assert "系统出错" in answer.content.decode()


def test_an_unknown_address_is_a_page_for_everybody(client, db):
    answer = client.get("/nowhere/")
    assert (answer.status_code, "没有找到" in answer.content.decode()) == (404, True)
