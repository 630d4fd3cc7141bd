"""Every figure of the board and its definition. Adding a measure is adding a row to MEASURES."""

from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.lookups import GreaterThan
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from assessment.cohorts import (
    FELL_DUE,
    FILED,
    OPEN,
    POSTED,
    RATED,
    VISITED,
    Scope,
    WorkingDaysAfter,
    assigned_late,
    reached,
)
from assessment.figures import Hours, Measure, Share
from directory.parties import Words
from petitions.models import Evaluation
from petitions.operations import OUTSIDE_CHANNELS
from petitions.process import DECLINED, MERGED, TRANSFERRED, WITHDRAWN
from workdays.queries import current_calendar

SATISFIED = 4  # of 5, at least
WITHIN_DAYS = (1, 3, 5, 15)
DAY = timedelta(days=1)
AGES = (
    (0, 4, _("3 天以内")),
    (4, 8, _("4–7 天")),
    (8, 16, _("8–15 天")),
    (16, 31, _("16–30 天")),
    (31, None, _("超过 30 天")),
)
NOT_OURS = (DECLINED, WITHDRAWN, MERGED, TRANSFERRED)  # ended without an answer of ours
NOT_FOR_US = (
    (_("不予受理"), lambda scope: Q(stage=DECLINED)),
    (_("企业撤回"), lambda scope: Q(stage=WITHDRAWN)),
    (_("已并入另一件"), lambda scope: Q(stage=MERGED)),
    (_("已转出"), lambda scope: Q(stage=TRANSFERRED)),
)


def closed(scope: Scope) -> Q:
    return Q(closed_at__lt=scope.period.end)


def closed_from_outside(scope: Scope) -> Q:
    return closed(scope) & Q(channel__in=OUTSIDE_CHANNELS)


def first_time(scope: Scope) -> Q:
    """Neither sent back by its rating nor taken up again later."""
    return Q(rework_count=0)


def in_progress(scope: Scope) -> Q:
    return ~Q(stage__in=NOT_OURS) & (Q(closed_at=None) | Q(closed_at__gte=scope.period.end))


def answered(scope: Scope) -> Q:
    return Q(answered_at__isnull=False)


def unrated(scope: Scope) -> QuerySet:
    """Silence: closed or waiting for a rating, and none was given."""
    rated = Evaluation.objects.filter(petition=OuterRef("pk"))
    return FILED.rows(scope).filter(replied_at__isnull=False).exclude(Exists(rated))


def on_time(key: str, clock: str, label: Words, definition: Words) -> Share:
    """In time ÷ fell due. A clock cancelled before it was due (the petition withdrawn) never fell due."""
    return Share(
        key, label, definition, FELL_DUE, lambda scope: Q(clock=clock),
        part=lambda scope: Q(on_time=True), met=_("按时"), missed=_("逾期"),
        left_out=((_("到期前已终止计时"), lambda scope: Q(cancelled_at__lt=F("due_at"))),),
    )  # fmt: skip


def answered_within(days: int) -> Share:
    """Answered by the end of the n-th working day after filing, of those for which that moment has come."""

    def due(scope: Scope) -> WorkingDaysAfter:
        return WorkingDaysAfter("filed_at", days, scope.period)

    def not_yet(scope: Scope) -> Q:
        """Only asked of the rows where a day of the period is that young."""
        calendar = current_calendar()
        over = calendar.day_end(calendar.add_working_days(scope.period.last, days)) <= scope.now
        return Q(pk__in=()) if over else Q(GreaterThan(due(scope), scope.now))

    return Share(
        f"within-{days}",
        format_lazy(_("{n} 个工作日内反馈"), n=days),
        format_lazy(_("提交后第 {n} 个工作日 18:00 前收到首次反馈的诉求 ÷ 期内提交且该时点已过的诉求。"), n=days),
        FILED,
        part=lambda scope: Q(answered_at__lte=due(scope)),
        left_out=(*NOT_FOR_US, (_("时点未到"), not_yet)),
        met=_("按时"), missed=_("未按时"),
    )  # fmt: skip


def rated(key: str, label: Words, definition: Words, part: Q, half: Q | None = None, **words) -> Share:
    """A share of the ratings given; silence is listed, never counted."""
    return Share(
        key, label, definition, RATED, part=lambda scope: part, half=(lambda scope: half) if half else None,
        unheard=(_("未评价"), unrated), **words,
    )  # fmt: skip


def open_for(least: int, most: int | None, label: Words) -> Measure:
    """Open petitions by days since filing, as of now."""

    def about(scope: Scope) -> Q:
        old = Q(filed_at__lte=scope.now - least * DAY)
        return old & Q(filed_at__gt=scope.now - most * DAY) if most else old

    tone = {0: "green", 4: "blue", 8: "blue", 16: "orange", 31: "red"}[least]
    label = format_lazy(_("在办 {days}"), days=label)
    return Measure(f"open-{least}", label, _("目前尚未办结的诉求，按提交至今的日历天数。"), OPEN, about, tone)


RECEIVED = Measure("received", _("收到诉求"), _("期内提交的全部诉求。"), FILED, tone="azure")
CLOSED = Measure(
    "closed", _("已办结"), _("期内提交、且在期末前办结的诉求；重启的以最后一次办结为准。"), FILED, closed, "green"
)
IN_PROGRESS = Measure(
    "in-progress",
    _("在办"),
    _("期内提交、到期末尚未办结的诉求；不含不予受理和企业撤回。"),
    FILED,
    in_progress,
    "orange",
)
COMPLETION = Share(
    "completion", _("办结率"), _("期内提交且期末前办结的诉求 ÷ 期内提交的诉求；不予受理和企业撤回不计入分母。"), FILED,
    tone="green", part=closed, left_out=NOT_FOR_US, met=_("已办结"), missed=_("在办"),
)  # fmt: skip
FIRST_HANDLING = Share(
    "first-handling", _("一次办结率"),
    _("首次答复后即办结、未经重办或重启的 ÷ 期内提交且期末前办结的诉求；未评价而自动办结的计入，但不计为满意。"),
    FILED, closed, "green", part=first_time, met=_("一次办结"), missed=_("重办后办结"),
)  # fmt: skip
FIRST_HANDLING_OUTSIDE = Share(
    "first-handling-outside", _("信访网电一次办结率"),
    _("其中由来信、来访、网上、来电渠道登记的诉求：首次答复后即办结、未经重办或重启的 ÷ 期内登记且期末前办结的。"),
    FILED, closed_from_outside, "green", part=first_time, met=_("一次办结"), missed=_("重办后办结"),
)  # fmt: skip
ACCEPTANCE = on_time(
    "acceptance", "accept", _("按时受理率"), _("按时受理的件次 ÷ 期内受理到期的件次；到期未受理的计入分母。")
)
FEEDBACK = on_time(
    "feedback", "feedback", _("按时反馈率"), _("按时反馈的件次 ÷ 期内反馈到期的件次（含重办）；到期未反馈的计入分母。")
)
CLOSURE = on_time(
    "closure", "close", _("按期办结率"),
    _("在办结时限（含批准的延期）内作出最终答复的件次 ÷ 期内办结到期的件次；到期未答复的计入分母。"),
)  # fmt: skip
SOLVED = rated(
    "solved", _("解决率"),
    _("企业评价“已解决”计 1、“部分解决”计 0.5，÷ 期内提交且已评价的诉求（以最后一次评价为准）。"),
    Q(solved="yes"), Q(solved="partly"), met=_("已解决"), missed=_("未解决"),
)  # fmt: skip
SATISFACTION = rated(
    "satisfaction", _("满意率"),
    _("满意度 4 分及以上 ÷ 期内提交且已评价的诉求（以最后一次评价为准）；未评价不计为满意。"),
    Q(satisfaction__gte=SATISFIED), met=_("满意"), missed=_("不满意"),
)  # fmt: skip
CONTACTED = rated(
    "contacted", _("响应率"), _("企业确认承办单位联系过的 ÷ 期内提交且已评价的诉求（以最后一次评价为准）。"),
    Q(contacted=True), met=_("联系过"), missed=_("未联系"),
)  # fmt: skip
MEDIAN = Hours(
    "median-hours",
    _("首次反馈中位用时"),
    _("期内提交的诉求从提交到首次反馈的自然小时数，一半在此之内。"),
    FILED,
    answered,
)
NINETIETH = Hours(
    "p90-hours", _("首次反馈九成用时"),
    _("期内提交的诉求从提交到首次反馈的自然小时数，九成在此之内。"), FILED, answered, share=0.9,
)  # fmt: skip
WITHIN = tuple(answered_within(days) for days in WITHIN_DAYS)
VISITS = Measure("visits", _("走访"), _("期内登记的全部走访。"), VISITED, tone="purple", unit=_("次"))
EFFECTIVE = Measure(
    "effective-visits", _("有效走访"),
    _("期内实地走访，或不少于 10 分钟的视频、电话走访，且按规定时间登记的。"), VISITED,
    lambda scope: Q(counts=True), "purple", unit=_("次"),
)  # fmt: skip
COVERAGE = Share(
    "coverage", _("走访覆盖率"),
    _("期内被有效走访过的企业 ÷ 期末有挂点干部的企业；期末前不足 15 个工作日才挂点的企业不计入。"), POSTED,
    tone="purple", part=reached, left_out=((_("新挂点，本期免计"), assigned_late),),
    met=_("已走访"), missed=_("未走访"),
)  # fmt: skip
OVERDUE = Measure(
    "overdue",
    _("目前逾期"),
    _("目前尚未办结、且最近一个时限已过的诉求。"),
    OPEN,
    lambda scope: Q(due_at__lt=scope.now),
    "red",
)
OPEN_BY_AGE = tuple(open_for(*age) for age in AGES)

MEASURES = {
    one.key: one
    for one in (
        RECEIVED, CLOSED, IN_PROGRESS, COMPLETION, FIRST_HANDLING, FIRST_HANDLING_OUTSIDE, ACCEPTANCE, FEEDBACK,
        CLOSURE, SOLVED, SATISFACTION, CONTACTED, MEDIAN, NINETIETH, *WITHIN, VISITS, EFFECTIVE, COVERAGE,
        OVERDUE, *OPEN_BY_AGE,
    )
}  # fmt: skip


def drill(key: str, scope: Scope, face: str = "whole") -> QuerySet:
    """The very rows behind a figure: petitions, clocks, ratings, visits or assignments, by the measure's cohort."""
    return MEASURES[key].drill(scope, face)
