"""Rosters, units, posts and people, for system staff. Rows end by their last day; nothing here is deleted."""

from typing import ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from import_export.admin import ImportMixin
from import_export.tmp_storages import MediaStorage
from rest_framework.authtoken.admin import TokenProxy

from directory.models import Assignment, Cadre, Enterprise, Post, Representative, Unit, User
from directory.rosters import AssignmentRoster, CadreRoster, EnterpriseRoster, OfficeCSV, OfficeXLSX, Unreadable

# Rights follow from posts; a token is shown once, to the person it stands for.
admin.site.unregister([Group, TokenProxy])
DATES = ("valid_from", "valid_to")


class Lasting:
    """What others refer to stays; it ends by a date or is switched off."""

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


class RosterAdmin(Lasting, ImportMixin, admin.ModelAdmin):
    """A table that is filled from spreadsheets: preview first, and nothing written while any row is bad."""

    import_formats: ClassVar = [OfficeXLSX, OfficeCSV]
    import_template_name = "admin/directory/import.html"
    tmp_storage_class = MediaStorage  # the second request may meet another machine

    def get_import_data_kwargs(self, **kwargs) -> dict:
        return super().get_import_data_kwargs(**kwargs) | {"rollback_on_validation_errors": True}

    def get_import_context_data(self, **kwargs) -> dict:
        headings = self.resource_classes[0].HEADINGS
        return super().get_import_context_data(**kwargs) | {"headings": headings.items()}

    def add_data_read_fail_error_to_form(self, form, error: Exception) -> None:
        known = isinstance(error, Unreadable)
        form.add_error("import_file", str(error) if known else _("文件无法读取，请确认所选格式与文件一致。"))

    def process_import(self, request, **kwargs) -> HttpResponse:
        """Confirmed twice, the file of the preview is gone."""
        try:
            return super().process_import(request, **kwargs)
        except FileNotFoundError:
            return self.look_again(request, _("这份文件已经导入过，或已不在，请重新上传查看。"))

    def process_result(self, result, request) -> HttpResponse:
        """Rows may have become bad since the preview."""
        if not result.has_errors() and not result.has_validation_errors():
            return super().process_result(result, request)
        return self.look_again(request, _("导入未执行：预览之后数据有变化，请重新上传查看。"))

    def look_again(self, request, why: str) -> HttpResponse:
        messages.error(request, why)
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_import")


@admin.register(Enterprise)
class EnterpriseAdmin(RosterAdmin):
    resource_classes: ClassVar = [EnterpriseRoster]
    list_display = ("name", "code", "street", "size", "is_key", "last_visited_on")
    list_filter = ("is_key", "size", ("street", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("street",)
    search_fields = ("name", "code", "pinyin")
    readonly_fields = ("last_visited_on",)
    show_full_result_count = False


@admin.register(Cadre)
class CadreAdmin(RosterAdmin):
    resource_classes: ClassVar = [CadreRoster]
    list_display = ("code", "user", "unit", *DATES)
    list_filter = ("unit",)
    list_select_related = ("user", "unit")
    search_fields = ("code", "user__name", "user__username")
    autocomplete_fields = ("user", "unit")


@admin.register(Assignment)
class AssignmentAdmin(RosterAdmin):
    resource_classes: ClassVar = [AssignmentRoster]
    list_display = ("enterprise", "cadre", *DATES)
    list_select_related = ("enterprise", "cadre__user")
    search_fields = ("enterprise__name", "enterprise__code", "cadre__code", "cadre__user__name")
    autocomplete_fields = ("enterprise", "cadre")
    show_full_result_count = False


@admin.register(Unit)
class UnitAdmin(Lasting, admin.ModelAdmin):
    list_display = ("code", "name", "name_en", "kind", *DATES)
    list_filter = ("kind",)
    search_fields = ("code", "name", "name_en")


@admin.register(Post)
class PostAdmin(Lasting, admin.ModelAdmin):
    list_display = ("user", "unit", "role", *DATES)
    list_filter = ("role", "unit")
    list_select_related = ("user", "unit")
    search_fields = ("user__name", "user__username", "unit__name", "unit__code")
    autocomplete_fields = ("user", "unit")


@admin.register(Representative)
class RepresentativeAdmin(Lasting, admin.ModelAdmin):
    list_display = ("user", "enterprise", *DATES)
    list_select_related = ("user", "enterprise")
    search_fields = ("user__name", "user__username", "enterprise__name", "enterprise__code")
    autocomplete_fields = ("user", "enterprise")


class PostInline(Lasting, admin.TabularInline):
    model = Post
    extra = 0
    autocomplete_fields = ("unit",)


class NewUserForm(AdminUserCreationForm):
    class Meta(AdminUserCreationForm.Meta):
        model = User
        fields = ("username", "name", "email")
        field_classes: ClassVar = {"username": forms.CharField}


@admin.register(User)
class PersonAdmin(Lasting, UserAdmin):
    """People and their posts. Who is a superuser is decided on the server, never here."""

    add_form = NewUserForm
    list_display = ("username", "name", "email", "is_active", "last_login")
    list_filter = ("is_active", "posts__role")
    search_fields = ("username", "name", "email")
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password", "name", "email", "is_active")}),
        (_("个人设置"), {"fields": ("language", "theme")}),
        (_("记录"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "name", "email", "usable_password", "password1", "password2")}),)
    inlines = (PostInline,)

    def has_change_permission(self, request, obj=None) -> bool:
        """A superuser's account is out of reach of those who are not."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or not obj.is_superuser or request.user.is_superuser)
