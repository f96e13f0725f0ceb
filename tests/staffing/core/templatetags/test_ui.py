"""Tags and components as they come out of a template."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.paginator import Paginator
from django.template import RequestContext, Template
from django.test import RequestFactory
from django.utils import translation

from staffing.core.templatetags import ui

NOW = datetime(2026, 11, 25, 22, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


def render(source, request=None, **context):
    return Template("{% load ui %}" + source).render(RequestContext(request, {"request": request, **context})).strip()


def test_filters_write_dates_amounts_and_durations():
    dates = "{{ t|zh_date }}|{{ t|zh_date_year }}|{{ t|zh_datetime }}|{{ t|hm }}"
    text = render(dates + "|{{ m|money }}|{{ n|minutes }}|{{ p|percent:0 }}", t=NOW, m="12.3", n=500, p=0.964)
    assert text == "11月25日 周三|2026年11月25日 周三|11月25日 周三 22:00|22:00|¥12.30|8 小时 20 分|96%"


def test_shift_span_and_duration():
    text = render(
        "{% shift_span a b %}|{{ d|duration }}|{{ none|minutes }}",
        a=NOW,
        b=NOW + timedelta(hours=8),
        d=timedelta(hours=8),
        none=None,
    )
    assert text == "11月25日 周三 22:00–次日 06:00|8 小时|—"


def test_an_icon_points_into_the_sprite_and_is_silent():
    assert 'vendor/icons.svg#users"' in ui.icon("users")
    assert 'aria-hidden="true"' in ui.icon("users")


def test_a_pill_escapes_its_text():
    assert (
        render("{% pill kind text %}", kind="danger", text="<b>") == '<span class="pill pill-danger">&lt;b&gt;</span>'
    )


def test_a_pill_of_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="unknown pill kind: 'red'"):
        ui.pill("red", "x")  # type: ignore[arg-type]


def test_a_kpi_with_a_link_is_a_link_and_shows_an_empty_sample():
    html = render('{% kpi label="满足率" value="96%" sample=0 href="/orders/" trend=trend %}', trend=[1, 2])
    assert html.startswith('<a href="/orders/" class="card kpi">')
    assert "样本 0 个" in html
    assert 'aria-label="满足率：最近 2，最低 1，最高 2"' in html


def test_a_kpi_leaves_out_what_it_was_not_given():
    html = render('{% kpi label="满足率" value="96%" %}')
    assert html.startswith("<div ")
    assert "样本" not in html and "目标" not in html and "svg" not in html


def test_a_score_bar_says_its_parts_in_words_and_takes_mappings_and_objects():
    parts = [
        {"label": "技能", "points": 30, "max": 40},
        type("Part", (), {"label": "距离", "points": 12.5, "max": 20})(),
    ]
    html = render("{% score_bar parts 42.5 words legend=True %}", parts=parts, words="老员工")
    assert 'aria-label="得分 42.5; 技能 30/40; 距离 12.5/20"' in html
    assert '<rect class="series-2" x="50.0" width="20.83" height="8">' in html
    assert "老员工" in html


def test_numbers_in_svg_keep_the_point_in_every_language():
    with translation.override("de"):
        assert 'x="33.33"' in render(
            "{% score_bar parts 3 %}",
            parts=[{"label": "a", "points": 1, "max": 1}, {"label": "b", "points": 1, "max": 2}],
        )


def test_the_current_step_is_marked():
    html = render(
        "{% steps items %}",
        items=[
            {"label": "已下单", "time": "11:02", "state": "done"},
            {"label": "待上岗", "time": "", "state": "current"},
        ],
    )
    assert html.count('aria-current="step"') == 1
    assert "已完成" in html and "进行中" in html and "—" in html


def test_a_series_without_numbers_says_so():
    assert "满意度：暂无数据" in render("{% sparkline values '满意度' %}", values=[])


def test_pagination_keeps_the_query_string():
    request = RequestFactory().get("/orders/?q=%E6%B5%B7&page=2")
    html = render("{% pagination page %}", page=Paginator(range(100), 10).page(2), request=request)
    assert 'href="?q=%E6%B5%B7&amp;page=3"' in html
    assert "第 11–20 条，共 100 条" in html
    assert html.count('aria-current="page"') == 1


def test_a_single_page_has_no_pagination():
    request = RequestFactory().get("/orders/")
    assert render("{% pagination page %}", page=Paginator([1], 10).page(1), request=request) == ""


def test_stars_are_read_aloud_and_none_is_said():
    assert 'aria-label="4.5 星，满分 5 星"' in render("{% stars 4.5 %}")
    assert render("{% stars 4.4 %}").count("star-filled") == 4
    assert "暂无评分" in render("{% stars None %}")


@pytest.mark.parametrize(("name", "expected"), [("顾一鸣", "顾"), (" zhang wei", "Z"), ("", "?")])
def test_a_person_has_an_initial(name, expected):
    assert ui.initial(name) == expected
