"""What people fill in about themselves."""

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from directory.models import User

THEMES = (("auto", _("跟随系统")), ("light", _("浅色")), ("dark", _("深色")))


class SignInForm(AuthenticationForm):
    """User name and password. What is wrong never says which of the two."""

    error_messages = AuthenticationForm.error_messages | {
        "invalid_login": _("用户名或密码不正确，请重新输入。注意区分大小写。"),
        "inactive": _("用户名或密码不正确，请重新输入。注意区分大小写。"),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("用户名")
        self.fields["password"].label = _("密码")


class PreferencesForm(forms.ModelForm):
    """Language, look and address for notices."""

    language = forms.ChoiceField(
        label=_("界面语言"), choices=settings.LANGUAGES, widget=forms.RadioSelect(attrs={"data-look": "segmented"}),
        help_text=_("通知也用这种语言发送。"),
    )  # fmt: skip
    theme = forms.ChoiceField(
        label=_("外观"), choices=THEMES, widget=forms.RadioSelect(attrs={"data-look": "segmented"})
    )
    email = forms.EmailField(label=_("电子邮箱"), required=False, help_text=_("填写后，重要通知会同时发送到邮箱。"))

    class Meta:
        model = User
        fields = ("language", "theme", "email")


class ChoiceForm(forms.Form):
    """One click in the strip above the page: another language, or another look."""

    language = forms.ChoiceField(choices=settings.LANGUAGES, required=False)
    theme = forms.ChoiceField(choices=THEMES, required=False)
