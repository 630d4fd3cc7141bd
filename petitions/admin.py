"""What administrators keep: the categories with where they lead, and how long the clocks run."""

from django.contrib import admin
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from petitions.forms.standards import ServiceStandardForm
from petitions.models import Category, Deadline, ServiceStandard, StandardReply
from petitions.process import STEPS
from petitions.standard_replies import STEPS_WITH_REPLIES
from petitions.standards import effect_of
from petitions.variables import listed
from workdays.queries import current_calendar


class NothingDeleted(admin.ModelAdmin):
    """What petitions refer to stays; it ends by a date or is followed by a newer row."""

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


@admin.register(Category)
class CategoryAdmin(NothingDeleted):
    list_display = ("code", "group", "name", "lead", "street_helps", "standard", "valid_to")
    list_filter = ("group", "standard")
    search_fields = ("code", "name", "group")
    list_select_related = ("lead",)
    autocomplete_fields = ("lead", "co_organisers")


def is_used(row: ServiceStandard | None) -> bool:
    """Does a ticket or a clock rest on that row?"""
    return bool(row) and (row.petitions.exists() or Deadline.objects.filter(standard=row).exists())


@admin.register(ServiceStandard)
class ServiceStandardAdmin(NothingDeleted):
    """A change is a new row with a later first day: clocks that run keep the row they started under. The first press
    shows what it would mean for the open tickets, the second saves."""

    form = ServiceStandardForm
    list_display = ("code", "name", "valid_from", "dispatch", "accept", "feedback", "close")
    list_filter = ("code",)
    fieldsets = (
        (None, {"fields": ("code", "valid_from", "name", "name_en")}),
        (
            _("时限"),
            {
                "fields": ServiceStandard.LIMITS,
                "description": _("wd 工作日、wh 工作小时、d 日历日、mo 月、h 小时、min 分钟；留空则不计时。"),
            },
        ),
        (_("规则"), {"fields": ServiceStandard.RULES}),
    )

    def get_readonly_fields(self, request, obj=None) -> tuple[str, ...]:
        """A row in use is history; only what it is called may still be mended."""
        return ("code", "valid_from", *ServiceStandard.LIMITS, *ServiceStandard.RULES) if is_used(obj) else ()

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method == "POST":
            page = self.preview(request, self.get_object(request, object_id) if object_id else None)
            if page:
                return page
        return super().changeform_view(request, object_id, form_url, extra_context)

    def preview(self, request, obj: ServiceStandard | None):
        """The page between; none where just that was previewed, where no limit can change, or something is wrong."""
        allowed = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        if not allowed or is_used(obj):
            return None
        form = self.get_form(request, obj, change=obj is not None)(request.POST, instance=obj)
        if not form.is_valid() or ("confirm" in request.POST and request.POST.get("previewed") == form.digest()):
            return None
        effect = effect_of(form.instance, timezone.now(), current_calendar())
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": _("预览影响")}
        context |= {"form": form, "effect": effect, "version": form.instance}
        return TemplateResponse(request, "admin/petitions/servicestandard/preview.html", context)


@admin.register(StandardReply)
class StandardReplyAdmin(NothingDeleted):
    """Words for one step, of all units or one, about all matters or one; it ends by its date."""

    list_display = ("title", "step", "category", "unit", "valid_from", "valid_to")
    list_filter = ("step", ("unit", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("category", "unit")
    search_fields = ("title", "body")
    autocomplete_fields = ("category", "unit")
    fields = ("title", "step", "category", "unit", "body", "valid_from", "valid_to")

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.name == "step":
            kwargs["choices"] = [("", "---------"), *((step, STEPS[step].label) for step in STEPS_WITH_REPLIES)]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "body":
            kwargs["help_text"] = _("可以使用的变量：%(known)s。") % {"known": listed()}
        return super().formfield_for_dbfield(db_field, request, **kwargs)
