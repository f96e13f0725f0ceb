"""What clients and dispatchers of the demo write."""

from random import Random

from feedback.states import Cause

HAPPY = (
    "人员到岗准时，服务态度很好。",
    "专业，客户反馈不错。",
    "沟通顺畅，下次还会合作。",
    "上手很快，现场主管满意。",
    "",
    "",
    "",
)
FAIR = ("整体可以，个别人员对流程不熟。", "基本满意，交接可以更细。", "还行，响应速度可以再快些。")
BAD = (
    "对产品不熟悉，多次答非所问。",
    "接线时语气生硬，被顾客投诉。",
    "与约定的技能要求不符。",
    "现场沟通混乱，需要我们反复指导。",
)
ABSENT = ("有人没来，替补到得太晚，现场忙不过来。", "人没到齐，高峰期排了长队。", "临时换人，新来的不熟悉流程。")
CAUSES: dict[str, tuple[tuple[str, str], ...]] = {
    Cause.MATCHING: (
        ("技能等级按自评录入，与现场要求有差距。", "为该客户增加技能等级下限并安排复测。"),
        ("匹配时未考虑客户的行业经验要求。", "在订单模板中加入行业经验要求。"),
    ),
    Cause.COMMUNICATION: (
        ("上岗须知未在前一天送达。", "上岗前一天统一发送须知并要求确认。"),
        ("现场主管与我方对接人未交换联系方式。", "建立每单对接群，开班前 30 分钟点名。"),
    ),
    Cause.EMERGENCY: (
        ("无人到岗后替补用时过长。", "为该客户每班预留一名候补。"),
        ("备选人员距离过远。", "候补改为优先五公里内人员。"),
    ),
    Cause.OTHER: (("当日系统培训账号未开通。", "开班前一天完成账号检查。"),),
}
NOT_SOLVED = ("第二天仍有人迟到，问题没有解决。", "整改措施没有落实到现场。", "补偿方案还没有答复。")


def comment(random: Random, overall: int, *, troubled: bool) -> str:
    """A comment that fits the stars."""
    if overall >= 4:
        return random.choice(HAPPY)
    if overall == 3:
        return random.choice(FAIR)
    return random.choice(ABSENT if troubled else BAD)


def cause(random: Random, *, troubled: bool) -> tuple[str, str, str]:
    """Cause, its note and the fix."""
    code = Cause.EMERGENCY if troubled else random.choice((Cause.MATCHING, Cause.COMMUNICATION, Cause.OTHER))
    note, fix = random.choice(CAUSES[code])
    return code.value, note, fix


def report(fix: str) -> str:
    """What the client is told."""
    return f"非常抱歉给您带来不便。我们已查明原因并完成整改：{fix}如仍有问题请告诉我们。"


def not_solved(random: Random) -> str:
    """Why the client is not content."""
    return random.choice(NOT_SOLVED)
