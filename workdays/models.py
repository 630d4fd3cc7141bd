"""What the office knows of its working days beyond the published schedules."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from workdays.calendar import Calendar, Day
from workdays.queries import ChangingQuerySet, forget_calendar


class CalendarRow(models.Model):
    """A row that changes which days are worked; saved only when valid."""

    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)

    objects = ChangingQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        self.full_clean()
        super().save(*args, **kwargs)
        forget_calendar()

    def delete(self, *args, **kwargs):
        deleted = super().delete(*args, **kwargs)
        forget_calendar()
        return deleted


class Source(models.TextChoices):
    NOTICE = "notice", _("国务院通知")
    CLOSURE = "closure", _("本地停工")


class DayException(CalendarRow):
    """A date worked or off against the week: by the State Council's notice, or by a local closure (typhoon).

    A date has at most one row of each source; the closure wins, and taking it back leaves what the notice says.
    """

    date = models.DateField(_("日期"))
    working = models.BooleanField(_("上班"), default=False)
    reason = models.CharField(_("事由"), max_length=200)
    authority = models.CharField(_("依据"), max_length=200, help_text=_("发布机关与文号"))
    source = models.CharField(_("来源"), max_length=10, choices=Source, default=Source.CLOSURE)
    created_by = models.CharField(_("登记人"), max_length=150, blank=True)
    created_at = models.DateTimeField(_("登记时间"), auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("例外日期")
        ordering = ("-date",)
        constraints = (
            models.UniqueConstraint(
                fields=("date", "source"),
                name="day_exception_once",
                violation_error_message=_("该日期已经登记。"),
            ),
            models.CheckConstraint(condition=models.Q(source__in=Source.values), name="day_exception_source_known"),
            models.CheckConstraint(
                condition=~models.Q(source=Source.CLOSURE, working=True),
                name="closure_is_off",
                violation_error_message=_("本地停工只能把日期设为不上班。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.date} {_('上班') if self.working else _('放假')} {self.reason}"

    def clean(self) -> None:
        """A year without a single working day is refused: no limit could ever end in it."""
        if self.date is None or self.working:
            return
        others = DayException.objects.filter(date__year=self.date.year).exclude(pk=self.pk)
        days = [Day(*row) for row in others.values_list("date", "working")]
        noticed = Year.objects.filter(year=self.date.year, known=True).exists()
        year = frozenset({self.date.year}) if noticed else frozenset()
        check_year(Calendar((*days, Day(self.date, False)), year), self.date.year)


class Year(CalendarRow):
    """A year whose notice the office has loaded. Other years rest on the published schedules or are provisional."""

    year = models.PositiveSmallIntegerField(
        _("年份"), unique=True, validators=[MinValueValidator(1949), MaxValueValidator(9998)]
    )
    known = models.BooleanField(_("已公布"), default=True)
    notice = models.TextField(_("通知原文"))
    loaded_at = models.DateTimeField(_("载入时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("年度安排")
        ordering = ("-year",)

    def __str__(self) -> str:
        return str(self.year)


def check_year(calendar: Calendar, year: int) -> None:
    """ValidationError where the calendar leaves that year no working day."""
    if not calendar.year(year).ordinals:
        raise ValidationError(_("这样 %(year)d 年将没有任何工作日，不能保存。"), params={"year": year})
