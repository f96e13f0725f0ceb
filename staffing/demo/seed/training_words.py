"""The lessons of four courses, as the agency's trainers wrote them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """One lesson in both languages."""

    title_zh: str
    title_en: str
    text_zh: str
    text_en: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Course:
    """A course with its rules; `code` may name one of the catalogue."""

    code: str
    name_zh: str
    name_en: str
    kind: str
    summary_zh: str
    summary_en: str
    pass_rule: str
    valid_days: int | None
    paid_minutes: int
    lessons: tuple[Words, ...]


AFTER_SALE = (
    Words(
        "先分清客户要什么",
        "Find out what the customer wants",
        """## 三句话问清楚
客户来找售后，多半是这三件事之一：想退、想换、想知道东西到哪了。先确认是哪一件，再翻订单。

- 订单号或下单手机号后四位
- 商品现在的样子：没拆、拆了没用、用过、坏了
- 客户希望怎么解决

## 不要一上来就讲规则
“超过七天不能退”是规则，不是答复。先说“我看到您的订单了”，让客户知道有人在办，再说能怎么办。

! 先复述，再回答。复述一遍，能少一半的误会。""",
        """## Three questions
Most people who come to after-sales want to return, to exchange, or to know where a parcel is. Find out which first.

- The order number, or the last four digits of the phone
- The state of the goods: unopened, opened, used, broken
- What the customer hopes for

## Do not begin with the rules
"No returns after seven days" is a rule, not an answer. Say first that you see the order.

! Repeat, then answer: it halves the misunderstandings.""",
        12,
    ),
    Words(
        "退换货怎么说",
        "Talking about returns and exchanges",
        """## 能退的，一次说完
“可以退。您在订单页点申请售后，选七天无理由，快递员明天上门取件，签收后三个工作日内退款原路返回。”
把步骤、时间、钱去哪里一次讲完，客户就不用再来问第二遍。

## 不能退的，先给别的路
- 拆封影响二次销售的：可以换新，或补发配件
- 超过时间的：转人工复核，告诉他几点前有答复
- 不是我们卖的：告诉他怎么找到卖家

## 这几句话不要说
- “这不归我管”
- “系统就是这样的”
- “您自己看详情页”

! 承诺时间要留余量：说“明天中午前”，不说“马上”。""",
        """## If it can be returned, say it all at once
Steps, time, and where the money goes: then nobody has to ask twice.

## If it cannot, offer another way
- Opened goods: an exchange or a spare part
- Too late: a review by a person, with a time for the answer
- Not ours: how to reach the seller

## Never say
- "That is not my job"
- "The system is like that"
- "Read the page yourself"

! Leave room in what you promise: "before noon tomorrow", not "at once".""",
        15,
    ),
    Words(
        "物流异常和漏发错发",
        "Lost parcels, missing and wrong goods",
        """## 查件三步
打开物流轨迹，看最后一条的时间和地点。四十八小时没有更新，就算异常，要主动登记，不要让客户再等。

- 丢件：先补发或退款，再由我们找快递
- 错发：道歉，安排上门取回，不让客户先垫运费
- 漏发：核对出库照片，当天补发

## 结尾要留下凭据
每次处理完，在备注里写清：答应了什么、什么时候、谁跟进。下一位同事接手时，客户不用从头再讲。

! 客户最怕的不是等，是不知道要等多久。""",
        """## Three steps to trace a parcel
Look at the last line of its track. No news for forty-eight hours is a fault: register it yourself.

- Lost: send again or refund, then deal with the carrier
- Wrong: apologise, have it collected, no freight on the customer
- Missing: compare the packing photo, send the same day

## Leave a note
What was promised, by when, and who follows it up.

! People do not fear waiting. They fear not knowing how long.""",
        13,
    ),
)

SYSTEM = (
    Words(
        "登录、状态和接待上限",
        "Signing in, status and how many chats",
        """## 上岗前五分钟
- 用自己的账号登录，不借用别人的
- 检查耳机和网络，测一句话
- 把状态从“离线”改成“在线”，接待上限新人设 3，熟手设 5

## 状态要诚实
吃饭、去洗手间都要切“小休”。挂着“在线”不说话，会话会继续分过来，客户等得最久的就是这几分钟。

! 小休一次不超过十分钟，一班不超过三次。""",
        """## Five minutes before the shift
- Sign in with your own account
- Test headset and network
- Set yourself online; three chats at once for beginners, five for the experienced

## An honest status
Set "break" whenever you leave: chats go on arriving while you are "online".

! A break lasts ten minutes at most, three times a shift.""",
        10,
    ),
    Words(
        "工单怎么建、怎么转",
        "Opening and passing on tickets",
        """## 什么时候建工单
当场办不完的都要建：要等仓库、要等财务、要回电话的。聊天窗口关了，工单还在。

## 一张好工单有四样
- 一句话说清的标题
- 订单号和截图
- 已经做过什么
- 客户要的结果和答应的时间

## 转单之前
先看对方组的负责范围，转错一次，客户多等半天。转完告诉客户工单号和答复时间。

! 密码、验证码、银行卡号永远不写进工单。""",
        """## When to open one
Whenever it cannot be settled in the chat: the ticket stays when the window is closed.

## Four things make a good ticket
- A title in one sentence
- Order number and screenshots
- What was done already
- What the customer wants, and what was promised by when

! No password, code or card number ever goes into a ticket.""",
        14,
    ),
)

EMERGENCY = (
    Words(
        "突然涌进来很多人",
        "When everybody comes at once",
        """## 先报告，再扛
排队超过平时三倍，第一件事是在群里报告班长，不要一个人硬扛。

- 开启排队提示，写明预计等待时间
- 用统一的公告话术，先告诉大家我们知道了
- 同一问题超过五个人问，就做成快捷回复

## 一对多时的节奏
每个会话先回一句“我在，正在为您查”，再一个一个办。三十秒内有回应，客户就愿意等。

! 忙的时候，速度不如节奏重要。""",
        """## Report first
When the queue is three times its usual length, tell the shift leader before anything else.

- Switch the queue notice on, with the expected wait
- Use the common announcement
- A question asked five times becomes a quick reply

! Answer each within thirty seconds, then settle them one by one.""",
        12,
    ),
    Words(
        "系统故障和断网",
        "When systems fail",
        """## 断网一分钟内
- 切换手机热点，重新登录
- 报告班长：几点断的、手上有几个会话
- 恢复后逐个道歉并接着办，不要装作没发生

## 系统查不到订单
不要让客户反复刷新。记下手机号和诉求，建工单，承诺恢复后一小时内回电。

! 不猜原因，不说“系统又坏了”。只说：正在恢复，我会在几点前回复您。""",
        """## In the first minute offline
- Switch to your phone's hotspot and sign in again
- Report when it broke and how many chats you have
- Apologise to each and go on where you were

! Do not guess at causes. Say when you will answer.""",
        10,
    ),
    Words(
        "人身安全和突发冲突",
        "Safety and conflict on site",
        """## 现场有人争执
先保证人的安全，再处理事情。站在侧面、保持两步距离、声音放低，请保安，不拉扯、不拍摄。

- 有人受伤或晕倒：拨打 120，再报告负责人
- 起火冒烟：按最近的报警按钮，走安全出口，不坐电梯
- 客户说要伤害自己：不挂电话，同时让同事报警

! 任何东西都没有人重要。""",
        """## A quarrel on site
People first. Stand aside, two steps away, speak low, call security; do not touch or film anybody.

- Somebody hurt: call 120, then your supervisor
- Smoke: the nearest alarm, the emergency exit, no lift
- A caller who speaks of self-harm: stay on the line while a colleague calls the police

! Nothing matters as much as people.""",
        12,
    ),
)

CALMING = (
    Words(
        "情绪先于事情",
        "Feelings first",
        """## 生气的客户在说什么
“你们怎么搞的”不是问题，是情绪。这时候讲道理，他一句也听不进去。先接住情绪，再处理事情。

- 听完，不打断，隔几句应一声
- 说出他的感受：“等了四天还没到，换了我也着急”
- 为他的感受道歉，不急着判断谁对谁错

## 声音比内容先到
语速放慢一成，音量放低一点。打字时少用感叹号，一句话一行。

! 道歉不等于认错，是告诉对方：我听见了。""",
        """## What an angry customer says
"What are you people doing?" is a feeling, not a question. Meet the feeling before the matter.

- Hear them out
- Name the feeling: "Four days and nothing: I would be upset too"
- Apologise for it, without judging who was right

! An apology is no confession. It says: I have heard you.""",
        14,
    ),
    Words(
        "五步安抚法",
        "Five steps",
        """## 听、认、问、办、回
- 听：让他说完
- 认：复述事实和感受
- 问：只问办事要用的，一次问完
- 办：给两个可以选的办法
- 回：说定时间，到点主动回

## 给选择，不给命令
“我可以现在给您补发，明天到；也可以直接退款，今天到账。您看哪个合适？”
有得选，人就平静下来。

! 答应的时间到了，没有结果也要回一声。""",
        """## Hear, acknowledge, ask, act, return
- Hear them out
- Acknowledge facts and feeling
- Ask once, only what you need
- Act: offer two ways
- Return at the time you named

! Even without a result: call when you said you would.""",
        13,
    ),
    Words(
        "遇到辱骂和过分要求",
        "Abuse and demands beyond reason",
        """## 守住底线
辱骂第一次，平静提醒：“我想帮您解决，请我们就事论事。”第二次，说明会结束会话，并转给班长。第三次，结束并登记。

## 要求超出权限
不当场说“不可能”。说清我能做到哪一步，谁能决定更多，什么时候有答复。

- 不私下加微信
- 不用自己的钱补偿
- 不把同事的姓名电话给客户

! 结束会话之后，喝口水，离开座位一分钟，再接下一位。""",
        """## Hold the line
First abuse: calmly ask to keep to the matter. Second: say that you will end the chat and pass it on.
Third: end it and make a note.

- No private contacts
- No money of your own
- No colleague's name or number

! Afterwards: a sip of water and a minute away from the desk.""",
        12,
    ),
)

COURSES = (
    Course(
        "after-sale-talk", "电商售后话术", "After-sales talk", "talk",
        "退、换、查件，一次说清楚，让客户不用再来问第二遍。",
        "Returns, exchanges and lost parcels, said once and clearly.",
        "quiz", None, 60, AFTER_SALE,
    ),
    Course(
        "desk-system", "客服系统操作", "Working the service system", "system",
        "上岗前要会的登录、状态、工单，新人一课就能上手。",
        "Sign-in, status and tickets before the first shift.",
        "quiz", None, 40, SYSTEM,
    ),
    Course(
        "emergency-response", "应急处理", "Emergency response", "emergency",
        "爆单、断网、现场冲突，先做什么，后做什么。",
        "Rushes, outages and conflict: what comes first.",
        "both", 365, 120, EMERGENCY,
    ),
    Course(
        "calming", "客诉情绪安抚", "Calming upset customers", "talk",
        "先接住情绪，再解决事情。含真实对话练习。",
        "Feelings first, then the matter; with practice on real talks.",
        "quiz", 730, 60, CALMING,
    ),
)  # fmt: skip
