"""Invented names of people."""

from collections.abc import Iterator
from random import Random

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖"
    "贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
DOUBLE_SURNAMES = ("欧阳", "上官", "诸葛", "司徒", "慕容", "端木")
GIVEN_1 = "子雨思梓欣佳俊浩宇一诗嘉文天明志晓春秋若安清云海心书语可景亦星若彦泽承"
GIVEN_2 = "涵轩怡然瑶琪萱妍晨阳豪杰伟敏静丽娜芳婷雪霞慧颖洁莹倩磊鑫鹏飞斌超勇强峰琳蕾薇宁航博睿希源远"
SINGLE = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉萍红鹏浩凯雪"
# As long as such names really get: they must fit every list and card.
LONG = (
    "阿卜杜热西提·买买提艾力",
    "古丽巴哈尔·阿不都克里木",
    "迪丽努尔·吐尔逊江",
    "欧阳慕晴",
    "司徒亦安",
    "扎西顿珠多吉",
    "Alexandra Chen-Fitzgerald",
)


def people(random: Random) -> Iterator[str]:
    """Endless names, hardly ever the same twice; the longest come early so that every scale has them."""
    seen: set[str] = set()
    waiting = list(LONG)
    while True:
        name = waiting.pop() if waiting and random.random() < 0.15 else _one(random)
        if name in seen and random.random() < 0.97:
            continue
        seen.add(name)
        yield name


def _one(random: Random) -> str:
    surname = random.choice(DOUBLE_SURNAMES) if random.random() < 0.02 else random.choice(SURNAMES)
    if random.random() < 0.2:
        return surname + random.choice(SINGLE)
    return surname + random.choice(GIVEN_1) + random.choice(GIVEN_2)


def phones(prefix: str) -> Iterator[str]:
    """Numbers `prefix` + running figure, eleven digits; those of the shown logins begin with another prefix."""
    number = 0
    while True:
        number += 1
        yield f"{prefix}{number:0{11 - len(prefix)}d}"
