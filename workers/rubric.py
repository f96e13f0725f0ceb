"""The rubric of interviews to begin with: what each grade of a soft skill looks like. The rows are edited."""

from typing import Any, Final

# Soft skill → grades 1 to 5: 中文, English.
GRADES: Final = {  # i18n: data
    "logic": (
        ("答非所问，说不清先后", "Answers miss the question; no order"),
        ("要追问才能说清一件事", "Clear only after several questions"),
        ("能按先后把事情说清楚", "Tells things in order"),
        ("先说结论，再说原因", "Conclusion first, then reasons"),
        ("能拆开复杂问题，主动核对前提", "Takes hard problems apart and checks assumptions"),
    ),
    "empathy": (
        ("打断或反驳对方的感受", "Interrupts or argues with feelings"),
        ("听完了，但没有回应情绪", "Listens, but passes over feelings"),
        ("会道歉和安抚，话术较套路", "Apologises and calms, by rote"),
        ("能说出对方在意什么", "Names what matters to the other"),
        ("先接住情绪再解决问题，分寸得当", "Meets the feeling first, then solves; good measure"),
    ),
    "multitasking": (
        ("同时两件事就会漏", "Drops one of two things"),
        ("需要提醒才能切换", "Switches only when reminded"),
        ("能同时接待两位客户", "Serves two customers at once"),
        ("同时三位以上，不漏回复", "Three or more, no reply missed"),
        ("多线处理仍能分清轻重缓急", "Many lines, and still knows what comes first"),
    ),
    "communication": (
        ("表达含糊，对方听不懂", "Vague; hard to follow"),
        ("能说明白，但啰嗦或生硬", "Understandable, but long or stiff"),
        ("表达清楚，语气礼貌", "Clear and polite"),
        ("简洁，会确认对方是否理解", "Brief, and checks understanding"),
        ("能把复杂规则说成客户听得懂的话", "Puts hard rules in the customer's words"),
    ),
    "emotion": (
        ("被质疑就急躁或沉默", "Loses temper or falls silent"),
        ("会紧张，影响后面的回答", "Tense; later answers suffer"),
        ("能稳住，事后会提起委屈", "Keeps calm, mentions it afterwards"),
        ("被刁难时语气不变", "Same tone under pressure"),
        ("能让激动的对方也平静下来", "Calms the other person as well"),
    ),
    "time": (
        ("迟到，不说明", "Late without a word"),
        ("准时，但没有准备", "On time, not prepared"),
        ("准时，知道自己何时有空", "On time, knows own hours"),
        ("会提前安排，并留出余量", "Plans ahead with room to spare"),
        ("学习与兼职安排清楚，说到做到", "Study and work well planned; keeps every word"),
    ),
    "adaptability": (
        ("只愿意做熟悉的事", "Only what is familiar"),
        ("换了规则就需要人带", "Needs help when rules change"),
        ("讲解一遍就能上手", "Picks things up after one explanation"),
        ("会自己找资料学新系统", "Learns new systems alone"),
        ("举得出很快适应新岗位的例子", "Gives examples of settling in fast"),
    ),
}


def rows() -> list[dict[str, Any]]:
    """Every grade of every soft skill, as columns."""
    return [
        {"skill": skill, "grade": grade, "text_zh": chinese, "text_en": english}
        for skill, grades in GRADES.items()
        for grade, (chinese, english) in enumerate(grades, 1)
    ]
