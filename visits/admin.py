"""Visits to look at, for system staff; nobody changes a record here."""

from django.contrib import admin

from visits.models import Companion, Photo, Visit


class ReadOnly:
    """A record as it was made."""

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


class CompanionInline(ReadOnly, admin.TabularInline):
    model = Companion
    fields = ("cadre", "name", "unit")


class PhotoInline(ReadOnly, admin.TabularInline):
    model = Photo
    fields = ("name", "size", "uploaded_at")


@admin.register(Visit)
class VisitAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("number", "visited_on", "enterprise", "host", "unit", "mode", "lateness", "counts")
    list_filter = ("mode", "lateness", "difficulty")
    list_select_related = ("enterprise", "host__user", "unit")
    search_fields = ("number", "enterprise__name", "enterprise__code", "host__user__name")
    date_hierarchy = "visited_on"
    show_full_result_count = False
    exclude = ("risk", "met_phone")  # not even on the page of the visit does an administrator read them
    inlines = (CompanionInline, PhotoInline)
