"""The page that shows every component with usual, empty and longest texts. Never part of a production start.

Its texts are samples, not messages of the product, so they are not translated: each appears in both languages.
"""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from staffing.core import clock
from staffing.core.access import public
from staffing.core.rendering import SegmentedRadio, StarRating, add_toast
from staffing.core.templatetags.ui import KINDS

FRAMES = {"desktop": "base_desktop.html", "phone": "base_phone.html", "public": "base_public.html"}
LONG_ZH = "云栖湾国际会展中心东区二号馆跨境电商英语在线客服与现场接待联合班组（含夜班）"
LONG_EN = "Cross-border e-commerce service and on-site reception crew, Yunqiwan International Expo Centre, East Hall 2"
ANSWERS = {
    "refused": (403, "这一步只有调度可以做。"),
    "broken": (500, ""),
    "conflict": (409, "这个班次刚刚被别人接走了。"),
}


class SampleForm(forms.Form):
    """One field of every kind."""

    name = forms.CharField(label="姓名", help_text="与身份证一致")
    long = forms.CharField(label=LONG_EN, help_text=LONG_ZH, required=False)
    phone = forms.CharField(label="手机号", widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}))
    password = forms.CharField(label="密码", widget=forms.PasswordInput(attrs={"autocomplete": "off"}))
    day = forms.DateField(label="日期")
    start = forms.TimeField(label="开始")
    moment = forms.DateTimeField(label="时间", required=False)
    headcount = forms.IntegerField(label="人数", min_value=1)
    city = forms.ChoiceField(label="城市", choices=[("", "请选择"), ("sh", "上海"), ("long", LONG_ZH)])
    skills = forms.MultipleChoiceField(
        label="技能",
        choices=[("a", "在线客服"), ("b", "投诉处理"), ("c", LONG_EN)],
        widget=forms.CheckboxSelectMultiple,
    )
    place = forms.ChoiceField(label="方式", choices=[("site", "到场"), ("remote", "远程")], widget=SegmentedRadio)
    stars = forms.TypedChoiceField(
        label="评分", choices=[(1, "很差"), (2, "较差"), (3, "一般"), (4, "满意"), (5, "很好")], widget=StarRating
    )
    reason = forms.ChoiceField(label="原因", choices=[("ill", "生病"), ("way", "路上耽搁")], widget=forms.RadioSelect)
    notes = forms.CharField(label="备注", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    agree = forms.BooleanField(label="我已阅读并同意服务约定")


class SampleFilter(forms.Form):
    """A filter bar's form."""

    q = forms.CharField(label="搜索", required=False, widget=forms.TextInput(attrs={"type": "search"}))
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), ("open", "待派单")])
    day = forms.DateField(label="日期", required=False)


@public(methods="GET POST")
def gallery(request: HttpRequest) -> HttpResponse:
    """GET: all components; `?frame=` phone or public, `?part=live` the part that renews itself.

    POST: the answer that `answer` names.
    """
    if request.method == "POST":
        return sample_answer(request.POST.get("answer", ""))
    if request.GET.get("part") == "live":
        return render(request, "gallery/_live.html", {"moment": clock.now().isoformat()})
    frame = request.GET.get("frame", "desktop")
    context = {"frame": FRAMES.get(frame, FRAMES["desktop"]), **samples()}
    page = "gallery/phone.html" if frame == "phone" else "gallery/index.html"
    return render(request, page, context)


def sample_answer(answer: str) -> HttpResponse:
    """What htmx may get from the server: a fragment with a toast, a conflict, a refusal, a failure, another page."""
    if answer == "moved":
        return redirect("/dev/components/?frame=public")
    if answer not in ANSWERS:
        return add_toast(HttpResponse('<p id="answer">已确认</p>'), "已通知 8 位客服")
    status, text = ANSWERS[answer]
    if answer == "conflict":
        return HttpResponse(f'<p id="answer">{text}</p>', status=status)
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")


def samples() -> dict[str, Any]:
    """Everything the gallery shows."""
    now = clock.now()
    return {
        "kinds": sorted(KINDS),
        "answers": ["toast", "moved", *ANSWERS],
        "long_zh": LONG_ZH,
        "long_en": LONG_EN,
        "now": now,
        "later": now + timedelta(minutes=18, seconds=30),
        "past": now - timedelta(minutes=5),
        "night_end": now + timedelta(hours=20),
        "themes": [theme_samples(name) for name in ("light", "dark")],
        "page": Paginator(range(1, 241), 20).page(6),
        "facts": [("客户", "青禾生活"), ("地点", LONG_ZH), ("Notes", LONG_EN), ("证书", None)],
        "tabs": sample_tabs(),
        "trend": [92.1, 93.4, 92.8, 95.0, 95.6, 95.2, 96.4],
        "nav": sample_nav(),
        **process_samples(now),
    }


def theme_samples(name: str) -> dict[str, Any]:
    """Forms of one half of the page; ids differ between the halves."""
    return {
        "name": name,
        "pages_label": f"pages, {name}",
        "tabs_label": f"tabs, {name}",
        "form": SampleForm(auto_id=f"{name}_%s", initial={"place": "site", "stars": 4, "skills": ["a"]}),
        "invalid": SampleForm({"headcount": "0", "name": ""}, auto_id=f"{name}_invalid_%s", prefix="invalid"),
        "filter": SampleFilter(auto_id=f"{name}_filter_%s"),
    }


def process_samples(now: Any) -> dict[str, Any]:
    """Progress lines, events, score parts and table rows."""
    states = ["done", "done", "done", "current", "todo"]
    labels = ["已下单", "已派单", "已确认", "待上岗", "已完成"]
    times = ["11:02", "11:09", "11:15", "17:30", ""]
    english = ["Order posted", "Matched", "All confirmed", "Replacement running", "Hours approved"]
    return {
        "steps": [{"label": a, "time": b, "state": c} for a, b, c in zip(labels, times, states, strict=True)],
        "steps_failed": [
            {"label": a, "time": b, "state": c}
            for a, b, c in zip(english, times, ["done", "done", "done", "failed", "todo"], strict=True)
        ],
        "parts": [
            {"label": label, "points": points, "max": most}
            for label, points, most in (("技能", 38, 40), ("时间", 23, 25), ("距离", 15, 20), ("评分", 12.5, 15))
        ],
        "events": sample_events(now),
        "rows": sample_rows(now),
    }


def sample_events(now: Any) -> list[dict[str, Any]]:
    """A short history, one event with long texts."""
    return [
        {"at": now - timedelta(hours=3), "title": "差评已登记", "who": "系统", "kind": "danger"},
        {"at": now - timedelta(hours=2), "title": LONG_ZH, "text": LONG_EN, "who": "顾一鸣", "kind": "warning"},
        {"at": now - timedelta(minutes=20), "title": "客户确认已解决", "kind": "success"},
    ]


def sample_rows(now: Any) -> list[dict[str, Any]]:
    """Rows of the sample table."""
    end = now + timedelta(hours=5)
    return [
        {
            "name": "顾一鸣",
            "note": "2.1 km · 老员工",
            "start": now,
            "end": end,
            "pay": 160,
            "kind": "success",
            "state": "已确认",
        },
        {
            "name": "Alexandra Zhang-Whitmore 张",
            "note": LONG_EN,
            "start": now,
            "end": end,
            "pay": "12345.50",
            "kind": "warning",
            "state": LONG_ZH,
        },
    ]


def sample_tabs() -> list[dict[str, Any]]:
    """Tabs with and without counts."""
    labels = [("待派单", 12), ("进行中", 0), ("已完成", None), ("Waiting for the client's confirmation", 3)]
    return [
        {"label": label, "url": "#tabs", "active": index == 0, "count": count}
        for index, (label, count) in enumerate(labels)
    ]


def sample_nav() -> list[dict[str, Any]]:
    """Five tabs, the most that a phone's bar takes."""
    items = [("今日", "home"), ("派单", "briefcase"), ("排班", "calendar"), ("工资", "wallet"), ("我的", "user")]
    return [
        {
            "label": label,
            "url": "?frame=phone",
            "icon": drawing,
            "active": index == 0,
            "badge": 2 if index == 1 else None,
        }
        for index, (label, drawing) in enumerate(items)
    ]
