"""Pinyin of names, and words that any locale's trigrams know."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from staffing.core.fields import fill, keys, search_words
from staffing.core.models import Role, User


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("王晓梅", ["wangxiaomei", "wxm"]),
        ("单雄信", ["shanxiongxin", "sxx"]),
        ("曾国强", ["zengguoqiang", "zgq"]),
        ("仇英", ["qiuying", "qy"]),
        ("解小龙", ["xiexiaolong", "xxl"]),
        ("任我行", ["renwoxing", "renwohang", "rwx"]),
        ("区玉洁", ["ouyujie", "oyj"]),
        ("尉迟恭", ["yuchigong", "ycg"]),
        ("欧阳娜娜", ["ouyangnana", "oynn"]),
        ("吕布", ["lvbu", "lb"]),
        ("李乐", ["lile", "liyue", "ll", "ly"]),
        ("云栖商贸3号店", ["yunqishangmao3haodian", "yqsm3hd"]),
        ("Anna O'Neil", ["annaoneil", "ao"]),
    ],
)
def test_a_name_is_typed_whole_or_by_initials(name, typed):
    assert set(typed) <= set(keys(name).split())
    assert keys(name)[0] == keys(name)[-1] == " "


def test_a_usual_reading_of_a_surname_is_found_too():
    assert keys("单雄信").split()[2] == "danxiongxin"


def test_what_has_no_letters_has_no_keys():
    assert keys("") == keys("  ") == keys("!?") == ""


@given(st.text(max_size=60))
@settings(deadline=None, max_examples=60)
def test_any_name_gives_plain_words(name):
    found = keys(name)
    assert found.replace(" ", "").isalnum() or found == ""
    assert found.isascii()


@pytest.mark.django_db
@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=40))
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_database_writes_the_same_words(text):
    with connection.cursor() as cursor:
        cursor.execute("SELECT search_words(%s)", [text])
        assert cursor.fetchone()[0] == search_words(text)


@pytest.mark.django_db
def test_saving_one_or_many_computes_the_keys():
    one = User.objects.create_user("13900000001", None, name="曾晓", role=Role.WORKER)
    User.objects.bulk_create([User(phone="13900000002", name="王梅", role=Role.WORKER, password="!")])
    assert [user.pinyin.split()[0] for user in User.objects.order_by("phone")] == ["zengxiao", "wangmei"]
    one.name = "任晓"
    one.save()
    one.refresh_from_db()
    assert one.pinyin == " renxiao rx "


@pytest.mark.django_db
def test_rows_written_past_the_models_are_filled_in_slices(django_assert_num_queries):
    for number in range(5):
        User.objects.create_user(f"1390000000{number}", None, name="王梅", role=Role.WORKER)
    User.objects.update(pinyin="")
    with django_assert_num_queries(7):  # three slices and the empty one
        fill(User, slice_size=2)
    assert set(User.objects.values_list("pinyin", flat=True)) == {" wangmei wm "}


@pytest.mark.django_db
def test_a_row_inserted_by_plain_sql_needs_no_keys():
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_user (password, is_superuser, phone, name, role, email, language, is_staff, is_active,"
            " date_joined) VALUES ('!', false, '13900000009', 'x', 'worker', '', 'en', false, true, now())"
        )
    assert User.objects.get().pinyin == ""
