"""What people fill in about how they want to be told."""

from collections.abc import Iterable
from typing import NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from directory.fields import LineField
from directory.models import Representative
from notices.channels import EMAIL, entry, offered
from notices.kinds import KINDS, MAILED, MAILED_TO_ENTERPRISES, SELF, Group
from notices.models import Address, Preference


class AddressForm(forms.Form):
    """A new robot, phone or other address. `entry` holds what was read of it once the form is valid."""

    way = forms.ChoiceField(label=_("方式"), widget=forms.RadioSelect)
    label = LineField(label=_("名称"), max_length=40, help_text=_("便于自己辨认，例如“科室群”。"))
    address = LineField(
        label=_("地址"), max_length=500,
        help_text=_("机器人：在群设置中添加机器人后，粘贴它的完整地址；短信：填写手机号码。保存后不再完整显示。"),
    )  # fmt: skip
    secret = LineField(
        label=_("加签密钥"), max_length=128, required=False, help_text=_("仅用于安全设置选了“加签”的钉钉机器人。")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["way"].choices = [(way.value, way.label) for way in offered()]
        self.entry = None

    def clean(self) -> dict:
        said = super().clean()
        if {"way", "address", "secret"} <= said.keys():
            try:
                self.entry = entry(said["way"], said["address"], said["secret"])
            except ValidationError as wrong:
                self.add_error("address", wrong)
        return said


class ProofForm(forms.Form):
    """The code of a test message."""

    proof = forms.RegexField(r"^[0-9]{6}$", label=_("验证码"), widget=forms.TextInput({"inputmode": "numeric"}))


class Column(NamedTuple):
    """What one channel of the person carries, as fields of the form."""

    title: str
    hint: str
    groups: forms.BoundField
    in_digest: forms.BoundField


class ClockInput(forms.TimeInput):
    input_type = "time"

    def __init__(self):
        super().__init__(format="%H:%M")


class PreferenceForm(forms.Form):
    """Which groups of notices go where, and when nothing may disturb."""

    digest_at = forms.TimeField(label=_("每日汇总时间"), widget=ClockInput())
    quiet_from = forms.TimeField(label=_("免打扰开始"), required=False, widget=ClockInput())
    quiet_until = forms.TimeField(
        label=_("免打扰结束"), required=False, widget=ClockInput(), help_text=_("可以跨越午夜；都不填则随时发送。")
    )
    quiet_days = forms.BooleanField(label=_("休息日和节假日免打扰，留到下一个工作日上班时发送"), required=False)
    urgent_at_once = forms.BooleanField(label=_("紧急通知（到期、逾期和特急诉求）不受免打扰和汇总限制"), required=False)

    def __init__(self, *args, owner, addresses: Iterable[Address], **kwargs):
        self.owner, self.addresses = owner, {address.code.hex: address for address in addresses}
        self.wish = Preference.objects.filter(owner=owner).first() or Preference(
            owner=owner, email_groups=default_groups(owner)
        )
        super().__init__(*args, initial=self._initial(), **kwargs)
        for name in (EMAIL, *self.addresses):
            self.fields[f"groups_{name}"] = forms.MultipleChoiceField(
                label=_("发送哪些通知"), choices=Group.choices, required=False, widget=forms.CheckboxSelectMultiple
            )
            self.fields[f"in_digest_{name}"] = forms.BooleanField(label=_("每日汇总成一条"), required=False)

    def _initial(self) -> dict:
        wish = self.wish
        initial = {name: getattr(wish, name) for name in self.base_fields}
        initial |= {f"groups_{EMAIL}": wish.email_groups, f"in_digest_{EMAIL}": wish.email_in_digest}
        for name, address in self.addresses.items():
            initial |= {f"groups_{name}": address.groups, f"in_digest_{name}": address.in_digest}
        return initial

    @property
    def columns(self) -> list[Column]:
        """The channels of the person, the mailbox first."""
        heads = {EMAIL: (_("电子邮件"), self.owner.email or _("尚未填写邮箱"))}
        heads |= {name: (one.get_way_display(), f"{one.label} {one.hint}") for name, one in self.addresses.items()}
        return [Column(*head, self[f"groups_{name}"], self[f"in_digest_{name}"]) for name, head in heads.items()]

    @property
    def times(self) -> list[forms.BoundField]:
        return [self[name] for name in self.base_fields]

    def clean(self) -> dict:
        said = super().clean()
        if (
            "quiet_from" in said
            and "quiet_until" in said
            and (said["quiet_from"] is None) != (said["quiet_until"] is None)
        ):
            self.add_error("quiet_until", _("免打扰的开始和结束要么都填，要么都不填。"))
        return said

    @property
    def wishes(self) -> dict:
        """The values of the person's row."""
        said = self.cleaned_data
        mailbox = {"email_groups": said[f"groups_{EMAIL}"], "email_in_digest": said[f"in_digest_{EMAIL}"]}
        return {name: said[name] for name in self.base_fields} | mailbox

    @property
    def chosen(self) -> dict[Address, tuple[list[str], bool]]:
        said = self.cleaned_data
        return {one: (said[f"groups_{name}"], said[f"in_digest_{name}"]) for name, one in self.addresses.items()}


def default_groups(owner) -> list[str]:
    """What goes by mail to a person who has not chosen."""
    return list(MAILED_TO_ENTERPRISES if Representative.objects.filter(user=owner).exists() else MAILED)


class PreviewForm(forms.Form):
    """Which kind of notice to show as it would be sent."""

    kind = forms.ChoiceField(label=_("通知种类"))
    form = forms.ChoiceField(
        label=_("形式"), choices=[("one", _("逐条")), ("digest", _("每日汇总"))], initial="one", required=False
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        by_group = {group: [] for group in Group}
        for name, kind in KINDS.items():
            if kind.group != SELF:
                by_group[kind.group].append((name, kind.label))
        self.fields["kind"].choices = [(group.label, kinds) for group, kinds in by_group.items() if kinds]
