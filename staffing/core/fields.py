"""What makes text findable in the database: pinyin of names, and words that any locale's trigrams know."""

import itertools
import re
from collections.abc import Mapping
from typing import Any, Final

from django.db import connection, models
from django.db.models import Func, TextField

# Surnames whose reading differs from the usual one of their characters (现代汉语词典, 第 7 版).
SURNAMES: Final[Mapping[str, str]] = {  # i18n: data
    "尉迟": "yu chi", "万俟": "mo qi", "长孙": "zhang sun", "澹台": "tan tai", "单于": "chan yu", "令狐": "ling hu",
    "单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "任": "ren", "区": "ou", "查": "zha", "盖": "ge",
    "乐": "yue", "缪": "miao", "朴": "piao", "覃": "qin", "翟": "zhai", "祭": "zhai", "种": "chong", "秘": "bi",
    "繁": "po", "召": "shao", "折": "she", "黑": "he", "洗": "xian", "员": "yun", "逄": "pang", "过": "guo",
    "能": "nai", "不": "fou", "晟": "cheng", "贾": "jia", "石": "shi", "费": "fei", "柏": "bai", "沈": "shen",
    "牟": "mu", "尹": "yin", "卜": "bu", "车": "che",
}  # fmt: skip
# Characters of given names that are read in two ways: both are found.
SECOND: Final[Mapping[str, str]] = {  # i18n: data
    "乐": "yue", "茜": "qian", "晟": "cheng", "朝": "zhao", "行": "hang", "长": "zhang", "重": "chong", "盛": "cheng",
    "柏": "bo", "阿": "e", "曾": "zeng", "单": "shan", "朴": "pu",
}  # fmt: skip
MOST_READINGS: Final = 4
_PARTS: Final = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+|[a-z0-9]+")


def keys(name: str) -> str:
    """How a name may be typed, ` wangxiaomei wxm `: each way between spaces, whole before initials; "" for no name.

    Words of letters and digits stand as they are, in lower case; signs are left out.
    """
    ways: list[str] = []
    for syllables in itertools.islice(itertools.product(*_readings(name.lower())), MOST_READINGS):
        ways += ["".join(syllables), "".join(each[0] for each in syllables)]
    kept = list(dict.fromkeys(way for way in ways if way))
    return f" {' '.join(kept)} " if kept else ""


def _readings(name: str) -> list[tuple[str, ...]]:
    """For each syllable how it may be read, the likeliest first."""
    parts = _PARTS.findall(name.replace("'", "").replace("’", ""))
    found = [reading for part in parts for reading in _of_part(part)]
    size = next((size for size in (2, 1) if len(name) > size and name[:size] in SURNAMES), 0)
    for at, reading in enumerate(SURNAMES[name[:size]].split() if size else ()):
        found[at] = tuple(dict.fromkeys((reading, *found[at])))
    return found


def _of_part(part: str) -> list[tuple[str, ...]]:
    """A run of 汉字 as syllables; a word of letters or digits as one."""
    if part.isascii():
        return [(part,)]
    from pypinyin import lazy_pinyin  # its dictionaries take a third of a second: only who writes names pays

    syllables = lazy_pinyin(part, errors="ignore")
    if len(syllables) != len(part):  # a character without a known reading
        return [(each,) for each in syllables]
    return [(one, SECOND[char]) if char in SECOND else (one,) for char, one in zip(part, syllables, strict=True)]


class PinyinField(models.TextField):  # type: ignore[type-arg]
    """Text that is computed from another field whenever a row is written whole: `save()`, `bulk_create`.

    Who writes the name alone (`update(name=…)`, `save(update_fields=["name"])`) has to name this field too.
    Rows written past the ORM get "", and are not found by pinyin until they are saved.
    """

    def __init__(self, *args: Any, source: str = "name", **options: Any) -> None:
        self.source = source
        fixed = {"editable": False, "blank": True, "default": "", "db_default": ""}
        super().__init__(*args, **(options | fixed))

    def deconstruct(self) -> Any:
        """Migrations know it as plain text: the source is no matter of the database."""
        name, _, args, options = super().deconstruct()
        options = {key: value for key, value in options.items() if key not in ("editable", "blank", "default")}
        return name, "django.db.models.TextField", args, options | {"default": "", "editable": False, "blank": True}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Compute from the source."""
        value = keys(str(getattr(model_instance, self.source) or ""))
        setattr(model_instance, self.attname, value)
        return value


class SearchWords(Func):
    """The text as `search_words` writes it, in SQL."""

    function = "search_words"
    arity = 1
    output_field = TextField()


def search_words(text: str) -> str:
    """The text with Latin letters small, and each character beyond ASCII a word of its own, in hex: `pos 673a `.

    Trigrams know letters by the database's locale, and some locales know no 汉字; hex digits are letters in all.
    """
    return "".join(char.lower() if char.isascii() else f" {ord(char):x} " for char in text)


# Indexes are built on the function, so it never changes its meaning: another meaning is another function.
CREATE_SEARCH_WORDS: Final = """
CREATE OR REPLACE FUNCTION search_words(written text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT coalesce(
    string_agg(CASE WHEN ascii(c) < 128 THEN c ELSE ' ' || to_hex(ascii(c)) || ' ' END, '' ORDER BY at), '')
  FROM regexp_split_to_table(lower(written COLLATE "C"), '') WITH ORDINALITY AS parts (c, at)
$$
"""
# Writes the keys of rows that have none, or another's; `%s`: ids, keys.
SET_KEYS: Final = """
UPDATE {table} AS named SET {column} = given.keys
FROM unnest(%s::bigint[], %s::text[]) AS given (id, keys) WHERE named.id = given.id AND named.{column} <> given.keys
"""


def fill(model: type[models.Model], column: str = "pinyin", source: str = "name", slice_size: int = 2000) -> None:
    """Compute the column for every row, a slice at a time in the order of ids; each slice commits by itself."""
    table, last = model._meta.db_table, 0
    while rows := list(
        model._default_manager.filter(pk__gt=last).order_by("pk").values_list("pk", source)[:slice_size]
    ):
        last = rows[-1][0]
        with connection.cursor() as cursor:
            cursor.execute(
                SET_KEYS.format(table=table, column=column), [[r[0] for r in rows], [keys(r[1]) for r in rows]]
            )
