"""Banks of questions of the four courses and of a test of English."""

from collections.abc import Mapping
from dataclasses import dataclass

ONE, MANY, TRUE = "single", "multiple", "true_false"
YES_NO = (("对", "True"), ("错", "False"))


@dataclass(frozen=True, slots=True)
class Ask:
    """A question; `right`: the numbers of the right options, from 1."""

    kind: str
    zh: str
    en: str
    options: tuple[tuple[str, str], ...]
    right: tuple[int, ...]
    why_zh: str
    why_en: str


def true(zh: str, en: str, is_true: bool, why_zh: str, why_en: str) -> Ask:
    """True or false."""
    return Ask(TRUE, zh, en, YES_NO, (1 if is_true else 2,), why_zh, why_en)


BANKS: Mapping[str, tuple[Ask, ...]] = {
    "after-sale-talk": (
        Ask(
            ONE, "客户说“我要退货”，第一句最好怎么回？", "\"I want to return this.\" What comes first?",
            (("我看到您的订单了，先跟您确认一下商品现在的情况", "I see your order; may I ask what state it is in?"),
             ("超过七天不能退", "No returns after seven days"),
             ("请您自己看退换货规则", "Please read the rules")),
            (1,), "先让客户知道有人在办，再说规则。", "Show that somebody is on it, then the rules.",
        ),
        Ask(
            MANY, "能退货时，一次要讲清楚哪些？", "A return is possible. What do you say at once?",
            (("操作步骤", "The steps"), ("上门取件或退款的时间", "When it is collected and paid back"),
             ("钱退到哪里", "Where the money goes"), ("公司内部的分工", "Who does what in our company")),
            (1, 2, 3), "步骤、时间、钱去哪里，客户就不用再问。", "Steps, time and money: nobody asks twice.",
        ),
        true(
            "物流四十八小时没有更新，应该主动登记异常。", "No news of a parcel for 48 hours is a fault to register.",
            True, "不要让客户再等，主动登记。", "Do not let the customer wait any longer.",
        ),
        Ask(
            ONE, "错发了商品，运费怎么办？", "The wrong goods were sent. Who pays the freight?",
            (("请客户先垫付", "The customer, for now"), ("安排上门取回，客户不用付", "We collect them, free of charge"),
             ("各付一半", "Half each")),
            (2,), "是我们的错，不让客户先垫运费。", "The mistake was ours.",
        ),
        true(
            "为了让客户安心，可以承诺“马上就到”。", "To calm the customer, promise \"right away\".",
            False, "承诺要留余量，说得出具体时间才答应。", "Promise a time that you can keep.",
        ),
        Ask(
            MANY, "处理完以后备注里要写什么？", "What goes into the note afterwards?",
            (("答应了什么", "What was promised"), ("什么时候", "By when"), ("谁跟进", "Who follows it up"),
             ("对客户的评价", "What you think of the customer")),
            (1, 2, 3), "写事实，不写评价。", "Facts, no opinions.",
        ),
    ),
    "desk-system": (
        Ask(
            ONE, "离开座位去吃饭，状态应该是？", "You leave for lunch. Your status?",
            (("在线", "Online"), ("小休", "Break"), ("不用改", "As it is")),
            (2,), "挂着在线，会话会继续分过来。", "Online means that chats go on arriving.",
        ),
        true(
            "新人的同时接待上限设 3。", "A beginner takes three chats at once.", True,
            "熟手再调到 5。", "The experienced take five.",
        ),
        Ask(
            MANY, "一张好工单要有？", "A good ticket has …",
            (("一句话标题", "A title in one sentence"), ("订单号和截图", "Order number and screenshots"),
             ("客户的支付密码", "The customer's password"), ("已经做过什么", "What was done already")),
            (1, 2, 4), "密码、验证码、卡号永远不写。", "Never a password, code or card number.",
        ),
        true(
            "可以借同事的账号先上岗，回头再补。", "You may start with a colleague's account.", False,
            "账号只能本人用。", "Accounts are personal.",
        ),
        Ask(
            ONE, "转单之前先做什么？", "Before passing a ticket on …",
            (("看对方组的负责范围", "See what that group is for"), ("先关掉聊天", "Close the chat"),
             ("让客户自己再来一次", "Ask the customer to come again")),
            (1,), "转错一次，客户多等半天。", "A wrong group costs half a day.",
        ),
    ),
    "emergency-response": (
        Ask(
            ONE, "排队突然超过平时三倍，先做什么？", "The queue is three times its usual length. First?",
            (("在群里报告班长", "Tell the shift leader"), ("自己先扛着", "Carry on alone"), ("下线", "Sign out")),
            (1,), "先报告，再扛。", "Report first.",
        ),
        Ask(
            ONE, "办公室断网，一分钟内做什么？", "The office is offline. In the first minute?",
            (("等网管来", "Wait for the technician"), ("切手机热点重新登录并报告", "Hotspot, sign in, report"),
             ("关电脑", "Shut down")),
            (2,), "先接上，再报告几点断的、手上有几个会话。", "Back online, then report time and open chats.",
        ),
        true(
            "现场有人争执时，应该拍视频留证。", "Film a quarrel on site as evidence.", False,
            "站在侧面、保持距离、请保安，不拉扯、不拍摄。", "Stand aside, call security, do not film.",
        ),
        Ask(
            MANY, "客户在电话里说要伤害自己，怎么做？", "A caller speaks of self-harm. What do you do?",
            (("不挂电话", "Stay on the line"), ("同时让同事报警", "A colleague calls the police"),
             ("记下时间和原话", "Note time and words"), ("让他换个电话再打", "Ask to call another number")),
            (1, 2, 3), "人最重要。", "People come first.",
        ),
        true(
            "系统查不到订单，可以说“系统又坏了”。", "If the system has no order, say \"it is broken again\".", False,
            "不猜原因，只说什么时候回复。", "No guesses: say when you will answer.",
        ),
    ),
    "calming": (
        Ask(
            ONE, "客户说“你们怎么搞的！”，先回应什么？", "\"What are you people doing?\" Answer first …",
            (("他的情绪", "the feeling"), ("事情的对错", "who was right"), ("公司的规定", "the rules")),
            (1,), "情绪接住了，事情才谈得下去。", "Feelings first, then the matter.",
        ),
        Ask(
            MANY, "五步安抚法包括？", "The five steps include …",
            (("听", "hearing"), ("认", "acknowledging"), ("辩", "arguing"), ("办", "acting")),
            (1, 2, 4), "听、认、问、办、回，没有“辩”。", "Hear, acknowledge, ask, act, return: no arguing.",
        ),
        true(
            "道歉就等于承认是我们的错。", "An apology admits the fault.", False,
            "道歉是告诉对方：我听见了。", "It says: I have heard you.",
        ),
        Ask(
            ONE, "哪一句在给客户选择？", "Which sentence offers a choice?",
            (("您必须先填申请", "You must fill in the form"),
             ("可以补发，也可以今天退款，您看哪个合适？", "A new one, or your money today: which do you prefer?"),
             ("只能这样", "There is no other way")),
            (2,), "有得选，人就平静。", "A choice calms.",
        ),
        true(
            "到了答应的时间还没有结果，也要主动回一声。", "Call at the promised time even without a result.", True,
            "守时比结果更让人放心。", "Keeping time reassures.",
        ),
        Ask(
            ONE, "第二次遭到辱骂，应该？", "Abused a second time, you …",
            (("骂回去", "answer in kind"), ("说明会结束会话并转班长", "say that you will end it and pass it on"),
             ("不说话", "say nothing")),
            (2,), "第一次提醒，第二次说明，第三次结束并登记。", "Remind, announce, then end and note.",
        ),
    ),
    "english-chat": (
        Ask(
            ONE, "\"Could you bear with me for a moment?\" 是什么意思？", "\"Could you bear with me?\" means",
            (("请稍等一下", "Please wait a moment"), ("请和我一起走", "Come with me"), ("请忍一忍疼", "Bear the pain")),
            (1,), "bear with me 是请对方耐心等。", "It asks for patience.",
        ),
        Ask(
            ONE, "想问订单号，哪句最礼貌？", "The politest way to ask for the order number?",
            (("Give me the number.", "Give me the number."),
             ("May I have your order number, please?", "May I have your order number, please?"),
             ("Number?", "Number?")),
            (2,), "May I … please 最得体。", "\"May I … please\" is the politest.",
        ),
        Ask(
            MANY, "哪些表示“退款”？", "Which mean giving money back?",
            (("refund", "refund"), ("reimburse", "reimburse"), ("replace", "replace")),
            (1, 2), "replace 是换货。", "To replace is to exchange.",
        ),
        true(
            "\"out of stock\" 是“缺货”。", "\"Out of stock\" means that there is none.", True,
            "in stock 是有货。", "\"In stock\" is the opposite.",
        ),
    ),
}  # fmt: skip
