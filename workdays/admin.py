from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from workdays.forms import NoticeForm
from workdays.models import DayException, Source, Year
from workdays.notice import Notice
from workdays.operations import load_notice, preview_notice
from workdays.wording import change_lines


@admin.register(DayException)
class DayExceptionAdmin(admin.ModelAdmin):
    """Local closures are entered here; days of a notice come with the notice and are only shown."""

    list_display = ("date", "working", "reason", "authority", "source", "created_by")
    list_filter = ("source", "working")
    date_hierarchy = "date"
    fields = ("date", "working", "reason", "authority", "source", "created_by", "created_at")
    readonly_fields = ("working", "source", "created_by", "created_at")

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or obj.source != Source.NOTICE)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or obj.source != Source.NOTICE)

    def get_actions(self, request):
        return {}  # in bulk, days of a notice could be deleted

    def save_model(self, request, obj, form, change):
        if not change:
            obj.created_by = request.user.get_username()
        super().save_model(request, obj, form, change)


@admin.register(Year)
class YearAdmin(admin.ModelAdmin):
    """The years whose notice is loaded; a year is added by loading its notice, with a preview first."""

    list_display = ("year", "known", "loaded_at")

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        view = self.admin_site.admin_view(self.load)
        return [path("add/", view, name="workdays_year_add"), *super().get_urls()]

    def load(self, request):
        """First press shows what would change, the second writes it."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = NoticeForm(request.POST or None, request.FILES or None)
        lines = self._preview(form) if form.is_bound and form.is_valid() else None
        if lines is not None and "confirm" in request.POST:
            return self._load(request, form.cleaned_data["notice"])
        if lines is not None:  # what was uploaded comes back as text, to be confirmed
            form = NoticeForm(initial={name: form.cleaned_data[name] for name in ("text", "year", "accept_missing")})
        context = {**self.admin_site.each_context(request), "form": form, "lines": lines, "opts": self.opts}
        return TemplateResponse(request, "admin/workdays/year/load.html", context | {"title": _("载入节假日安排通知")})

    def _preview(self, form: NoticeForm) -> list[str] | None:
        notice = form.cleaned_data["notice"]
        try:
            return change_lines(notice, preview_notice(notice))
        except ValidationError as error:
            form.add_error(None, error)
            return None

    def _load(self, request, notice: Notice):
        load_notice(notice, request.user.get_username(), timezone.now())
        messages.success(request, _("%(year)d 年安排已载入。") % {"year": notice.year})
        return redirect("admin:workdays_year_changelist")
