"""A page with every component on it, for the tests to look at; its addresses stand before those of the product."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from config.urls import handler400, handler403, handler404, handler500
from config.urls import urlpatterns as product
from petitions.models import Petition
from petitions.process import Stage

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
FIRMS = ("恒锐精密机械有限公司", "华创新能源科技（滨海）有限公司", "东昇包装材料厂")
TITLES = ("厂区门前道路积水，货车无法进出，请协调市政排水疏通", "申请技改专项补贴，材料已两次退回", "变压器容量不足")
GRADES = [(str(n), words) for n, words in enumerate(("很不满意", "不满意", "一般", "满意", "很满意"), 1)]


def looks(look: str) -> dict:
    return {"data-look": look}


class SampleForm(forms.Form):
    title = forms.CharField(label="标题", help_text="一句话说明问题，不超过 80 字。", max_length=80)
    body = forms.CharField(label="内容", widget=forms.Textarea, required=False)
    category = forms.ChoiceField(label="诉求类别", choices=[("", "请选择"), ("a", "基础设施"), ("b", "惠企政策")])
    way = forms.ChoiceField(
        label="走访方式",
        choices=[("1", "实地走访"), ("2", "电话联系")],
        widget=forms.RadioSelect(attrs=looks("segmented")),
    )
    trade = forms.ChoiceField(label="经营状况", choices=[("1", "正常"), ("2", "部分停产")], widget=forms.RadioSelect)
    needs = forms.MultipleChoiceField(
        label="涉及方面", choices=[("1", "用地"), ("2", "用电")], widget=forms.CheckboxSelectMultiple, required=False
    )
    grade = forms.ChoiceField(label="满意度", choices=GRADES, widget=forms.RadioSelect(attrs=looks("rating")))
    on = forms.DateField(label="走访日期", widget=forms.DateInput(attrs={"type": "date"}))
    photo = forms.FileField(label="现场照片", required=False)
    files = forms.BooleanField(label="由此生成诉求", required=False, widget=forms.CheckboxInput(attrs=looks("switch")))
    agreed = forms.BooleanField(label="我已阅读并同意以上说明")


def kitchen(request):
    """Everything at once; a POST brings the form back with its errors."""
    now = timezone.now()
    if request.GET.get("messages"):
        for level in ("success", "info", "warning", "error"):
            getattr(messages, level)(request, "诉求 QS20261123-7K3M2Q 已分拨至区水务局。")
    form = SampleForm(request.POST, request.FILES) if request.method == "POST" else SampleForm()
    context = {
        "now": now,
        "rows": list(sample_rows(now)),
        "form": form,
        "events": sample_events(now),
        "bars": [
            {"label": firm, "value": n, "share": n, "tone": "red"} for firm, n in zip(FIRMS, (96, 84, 7), strict=True)
        ],
        "columns": [{"label": f"{n} 月", "value": n, "share": n * 8} for n in range(1, 13)],
        "tabs": [
            {"url": "#", "label": "待我处理", "active": True, "count": 12, "tone": "red"},
            {"url": "#", "label": "已办结", "count": None},
        ],
        "facts": [("企业", FIRMS[0]), ("联系人", "前台"), ("空", "")],
        "tones": ("azure", "blue", "orange", "red", "green", "purple", "gray"),
    }
    return render(request, "kitchen.html", context, status=422 if form.is_bound else 200)


def sample_rows(now):
    """One line for each stage, with clocks late, soon, calm and none."""
    clocks = [(-30, -40), (5, -1), (90, 40), None]
    for n, stage in enumerate(Stage):
        due = clocks[n % 4]
        yield {
            "petition": Petition(stage=stage, title=TITLES[n % 3], number=f"QS20261123-7K{n}M2Q"),
            "firm": FIRMS[n % 3],
            "due_at": due and now + timedelta(hours=due[0]),
            "warn_at": due and now + timedelta(hours=due[1]),
        }


def sample_events(now) -> list[dict]:
    return [
        {
            "at": now,
            "title": "提交",
            "by": "蓝代表",
            "tone": "azure",
            "icon": "send",
            "note": "道路积水。\n货车无法进出。",
        },
        {"at": now, "title": "分拨", "by": "梅分拨", "tone": "blue", "icon": "route", "badge": "区水务局"},
        {"at": now, "title": "即将到期", "tone": "orange"},
    ]


def forbidden(request):
    raise PermissionDenied("您的岗位不能进行“受理”。")


@login_not_required
def broken(request):
    raise RuntimeError("on purpose")


urlpatterns = [
    path("kitchen/", kitchen),
    path("kitchen/forbidden/", forbidden),
    path("kitchen/broken/", broken),
    *product,
]
