"""Scales that every agency in the country shares; a skill of such a kind starts with them, and may be given others.

Mandarin: 国家语委《普通话水平测试等级标准》 (three grades of two classes). Education: from 中专 to 硕士. Typing: what
service centres usually ask for, in characters a minute.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from workers.models import Skill

Grades = Sequence[Mapping[str, Any]]


def _named(*names: tuple[str, str]) -> Grades:
    return [{"zh": zh, "en": en} for zh, en in names]


EDUCATION: Final = _named(  # i18n: data
    ("中专", "Vocational school"),
    ("高中", "High school"),
    ("大专", "College diploma"),
    ("本科", "Bachelor"),
    ("硕士", "Master"),
)
MANDARIN: Final = _named(  # i18n: data
    ("三级乙等", "3-B"),
    ("三级甲等", "3-A"),
    ("二级乙等", "2-B"),
    ("二级甲等", "2-A"),
    ("一级乙等", "1-B"),
    ("一级甲等", "1-A"),
)
TYPING: Final[Grades] = [  # i18n: data
    {"zh": f"{n} 字/分", "en": f"{n} a minute", "from": n} for n in (40, 60, 80, 100, 120)
]
USUAL: Final[Mapping[str, Grades]] = {
    Skill.Kind.EDUCATION: EDUCATION,
    Skill.Kind.MANDARIN: MANDARIN,
    Skill.Kind.TYPING: TYPING,
}
