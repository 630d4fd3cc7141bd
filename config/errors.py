"""How a request that cannot be served is answered: a page, a short fragment for htmx, or problem details for the API.

The problem details follow RFC 9457, with a stable `code` and, where fields are wrong, `errors` by field.
"""

import logging
from typing import NamedTuple

from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import requires_csrf_token
from rest_framework import exceptions
from rest_framework.fields import get_error_detail
from rest_framework.response import Response
from rest_framework.views import set_rollback

from petitions.process import WrongStage

log = logging.getLogger(__name__)
PROBLEM_JSON = "application/problem+json"


class Refusal(NamedTuple):
    """What is said about one kind of failure."""

    code: str
    icon: str
    title: str
    text: str


REFUSALS = {
    400: Refusal("invalid", "alert-circle", _("请求有误"), _("提交的内容无法识别，请返回重试。")),
    401: Refusal("not-signed-in", "login", _("请先登录"), _("登录已过期，请重新登录。")),
    403: Refusal("forbidden", "shield-lock", _("没有权限"), _("您的岗位不能进行此操作，请联系本单位系统管理员。")),
    404: Refusal("not-found", "zoom-exclamation", _("没有找到"), _("内容不存在，或您无权查看。请核对网址或编号。")),
    405: Refusal("method-not-allowed", "alert-circle", _("不支持的操作"), _("此地址不支持这种请求方式。")),
    409: Refusal("wrong-stage", "refresh", _("情况已变化"), _("他人已先行处理，请刷新后查看最新进展。")),
    413: Refusal("too-large", "upload", _("内容过大"), _("提交的内容超出大小限制，请减少后重试。")),
    415: Refusal("unsupported-media-type", "file-text", _("格式不支持"), _("不支持这种内容格式。")),
    429: Refusal("too-many-requests", "hourglass", _("请求过于频繁"), _("请稍后再试。")),
    500: Refusal("internal-error", "tool", _("系统出错"), _("系统暂时无法处理您的请求，已记录问题，请稍后再试。")),
}
EXPIRED = _("页面已过期或登录状态已变化，请返回上一页刷新后重新提交。")


def refuse(request: HttpRequest, status: int, text: str = "") -> HttpResponse:
    """The answer in the form the asker can use. Never touches the database: it may be what is broken."""
    refusal = REFUSALS[status]
    if request.path.startswith("/api/"):
        return JsonResponse(problem(status, detail=text), status=status, content_type=PROBLEM_JSON)
    words = {
        "title": refusal.title,
        "text": text or refusal.text,
        "icon": refusal.icon,
        "status": status,
        "request": request,
    }
    if request.headers.get("HX-Request") != "true":
        return HttpResponse(render_to_string("errors/page.html", words), status=status)
    answer = HttpResponse(render_to_string("errors/_alert.html", words), status=status)
    answer["HX-Retarget"], answer["HX-Reswap"] = "#messages", "innerHTML"
    return answer


def problem(status: int, *, code: str = "", detail="", errors: dict | None = None) -> dict:
    """Problem details of RFC 9457."""
    refusal = REFUSALS.get(status, REFUSALS[400])
    body = {"type": "about:blank", "title": str(refusal.title), "status": status, "code": code or refusal.code}
    body |= {"detail": str(detail or refusal.text)}
    return body | ({"errors": errors} if errors else {})


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refuse(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refuse(request, 403, str(exception))


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refuse(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return refuse(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from a page that is too old, or from somewhere else."""
    log.warning("CSRF check failed at %s: %s", request.path, reason)
    return refuse(request, 403, str(EXPIRED))


def api_exception_handler(raised: Exception, context: dict) -> Response | None:
    """What the API answers to an exception; None leaves it to Django as a server error."""
    error = as_api_error(raised)
    if error is None:
        return None
    set_rollback()
    headers = {}
    if auth := getattr(error, "auth_header", ""):
        headers["WWW-Authenticate"] = auth
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = f"{wait:.0f}"
    body = problem(error.status_code, **explained(raised, error))
    return Response(body, status=error.status_code, headers=headers, content_type=PROBLEM_JSON)


class Conflict(exceptions.APIException):
    status_code = 409


class TooLarge(exceptions.APIException):
    status_code = 413


def as_api_error(raised: Exception) -> exceptions.APIException | None:
    """The exception of the REST framework that stands for this one. What is invisible to the asker does not exist."""
    match raised:
        case exceptions.APIException():
            return raised
        case Http404():
            return exceptions.NotFound()
        case PermissionDenied():
            return exceptions.PermissionDenied(str(raised) or None)
        case WrongStage():
            return Conflict(str(raised))
        case ValidationError():
            return exceptions.ValidationError(get_error_detail(raised))
        case RequestDataTooBig():
            return TooLarge()
    return None


def explained(raised: Exception, error: exceptions.APIException) -> dict:
    """`detail`, `errors` and, where it is not the usual one of the status, `code`."""
    match error:
        case exceptions.ValidationError():
            detail = error.detail
            return {"errors": detail if isinstance(detail, dict) else {"non_field_errors": detail}}
        case exceptions.ParseError():
            return {"code": "malformed", "detail": error.detail}
        case exceptions.PermissionDenied() | Conflict():
            return (
                {"detail": str(raised)} if not isinstance(raised, exceptions.APIException) else {"detail": error.detail}
            )
    return {}
