"""Forms: labels, help, errors and classes as they reach the browser."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.http import HttpResponse
from django.utils import translation

from staffing.core.rendering import SegmentedRadio, StarRating, add_toast


class Form(forms.Form):
    name = forms.CharField(label="姓名", help_text="与身份证一致")
    city = forms.ChoiceField(label="城市", choices=[("sh", "上海")], required=False)
    place = forms.ChoiceField(label="方式", choices=[("site", "到场"), ("remote", "远程")], widget=SegmentedRadio)
    stars = forms.ChoiceField(label="评分", choices=[(1, "很差"), (2, "很好")], widget=StarRating, required=False)
    agree = forms.BooleanField(label="同意", required=False)
    day = forms.DateField(required=False)
    start = forms.TimeField(required=False)
    moment = forms.DateTimeField(required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


def test_an_invalid_field_is_tied_to_its_help_and_error():
    html = Form({"place": "site"})["name"].as_field_group()
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_error"' in html and 'id="id_name_helptext"' in html
    assert 'class="form-control is-invalid"' in html


def test_a_required_label_is_marked_and_belongs_to_its_input():
    html = Form()["name"].as_field_group()
    assert '<label class="form-label" for="id_name">' in html
    assert "required-mark" in html
    assert "required-mark" not in Form()["city"].as_field_group()


def test_a_select_looks_like_one_and_a_checkbox_stands_before_its_label():
    assert 'class="form-select"' in Form()["city"].as_field_group()
    box = Form()["agree"].as_field_group()
    assert box.count("<input") == 1
    assert box.index("<input") < box.index("同意")


@pytest.mark.parametrize(("name", "css"), [("place", "segment-input"), ("stars", "rating-input")])
def test_radio_groups_have_a_legend_and_keep_what_was_chosen(name, css):
    html = Form({"place": "remote", "stars": "2", "name": "x"})[name].as_field_group()
    assert html.startswith("<fieldset")
    assert "<legend" in html
    assert html.count(f'class="{css}"') == 2
    assert html.count("checked") == 1


def test_dates_and_times_use_the_browsers_inputs_with_iso_values():
    moment = datetime(2026, 11, 25, 22, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
    form = Form(initial={"day": date(2026, 11, 25), "start": time(22, 5), "moment": moment})
    assert 'type="date"' in str(form["day"]) and 'value="2026-11-25"' in str(form["day"])
    assert 'type="time"' in str(form["start"]) and 'value="22:05"' in str(form["start"])
    assert 'type="datetime-local"' in str(form["moment"]) and 'value="2026-11-25T22:05"' in str(form["moment"])


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_the_browsers_inputs_send_is_understood(language):
    with translation.override(language):
        form = Form({"name": "x", "place": "site", "day": "2026-11-25", "start": "22:05", "moment": "2026-11-25T22:05"})
        assert form.is_valid(), form.errors
    assert form.cleaned_data["start"] == time(22, 5)
    assert form.cleaned_data["moment"].hour == 22


def test_the_whole_form_begins_with_a_summary_that_leads_to_the_fields():
    html = str(Form({}))
    assert html.index('role="alert"') < html.index("<input")
    assert '<a href="#id_name">姓名</a>' in html
    assert html.count('name="token"') == 1


def test_a_form_without_errors_has_no_summary():
    assert 'role="alert"' not in str(Form())


def test_a_toast_joins_other_triggers():
    response = HttpResponse(headers={"HX-Trigger": '{"reload": true}'})
    assert add_toast(response, "已确认", "info").headers["HX-Trigger"] == (
        '{"reload": true, "toast": {"kind": "info", "text": "\\u5df2\\u786e\\u8ba4"}}'
    )
