"""What administrators keep: the categories with where they lead, and how long the clocks run."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from petitions.models import Category, ServiceStandard, StandardReply
from petitions.process import STEPS
from petitions.standard_replies import STEPS_WITH_REPLIES
from petitions.variables import listed


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


@admin.register(ServiceStandard)
class ServiceStandardAdmin(NothingDeleted):
    """A change is a new row with a later first day: clocks that run keep the row they started under."""

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
    )

    def get_readonly_fields(self, request, obj=None) -> tuple[str, ...]:
        """A row in use is history; only what it is called may still be mended."""
        used = obj is not None and obj.petitions.exists()
        return ("code", "valid_from", *ServiceStandard.LIMITS) if used else ()


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
