"""Quizzes with their bank of questions, and the tries at them."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from staffing.core.models.catalogue import Named
from workers.training_states import ATTEMPT, AttemptStatus

from .catalogue import Course, Language, Skill
from .learning import in_english


class Quiz(Named):
    """`draw` questions of the bank in `minutes`; `tries` in `tries_days`, `wait_minutes` apart.

    Passed, it brings a course, or a level of a skill or language by `QuizLevel`, good for `valid_days` (a course has
    its own).
    """

    course = models.OneToOneField(Course, on_delete=models.PROTECT, related_name="quiz", null=True, blank=True)
    skill = models.OneToOneField(Skill, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    language = models.OneToOneField(Language, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    draw = models.PositiveSmallIntegerField(
        _("抽题数"), default=5, validators=[MinValueValidator(1), MaxValueValidator(50)]
    )
    pass_percent = models.PositiveSmallIntegerField(
        _("及格线 %"), default=80, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    minutes = models.PositiveSmallIntegerField(
        _("限时（分钟）"), default=10, validators=[MinValueValidator(1), MaxValueValidator(240)]
    )
    tries = models.PositiveSmallIntegerField(_("周期内可考几次"), default=3, validators=[MinValueValidator(1)])
    tries_days = models.PositiveSmallIntegerField(_("周期（天）"), default=7, validators=[MinValueValidator(1)])
    wait_minutes = models.PositiveSmallIntegerField(_("两次之间至少隔几分钟"), default=30)
    valid_days = models.PositiveSmallIntegerField(_("成绩有效天数"), null=True, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta(Named.Meta):
        verbose_name = _("测验")
        verbose_name_plural = _("测验")
        constraints = [
            models.CheckConstraint(
                condition=Q(course__isnull=False, skill=None, language=None)
                | Q(course=None, skill__isnull=False, language=None)
                | Q(course=None, skill=None, language__isnull=False),
                name="quiz_for_one_thing",
            ),
        ]

    @property
    def brings(self) -> Course | Skill | Language:
        """What passing it brings."""
        found = self.course or self.skill or self.language
        assert found is not None, "constraint quiz_for_one_thing"
        return found


class QuizLevel(models.Model):
    """From `percent` on the quiz brings `level` of its skill or language."""

    quiz = models.ForeignKey(Quiz, on_delete=models.CASCADE, related_name="levels")
    percent = models.PositiveSmallIntegerField(_("成绩 %"), validators=[MaxValueValidator(100)])
    level = models.PositiveSmallIntegerField(_("等级"), validators=[MinValueValidator(1), MaxValueValidator(6)])

    class Meta:
        verbose_name = _("成绩对应等级")
        verbose_name_plural = _("成绩对应等级")
        ordering = ["percent"]
        constraints = [models.UniqueConstraint(fields=["quiz", "percent"], name="one_level_a_percent")]

    def __str__(self) -> str:
        return f"{self.percent} → {self.level}"


class Question(models.Model):
    """One of a bank; why its answer is right is shown afterwards."""

    class Kind(models.TextChoices):
        SINGLE = "single", _("单选")
        MULTIPLE = "multiple", _("多选")
        TRUE_FALSE = "true_false", _("判断")

    quiz = models.ForeignKey(Quiz, on_delete=models.CASCADE, related_name="questions")
    kind = models.CharField(_("题型"), max_length=10, choices=Kind.choices)
    text_zh = models.CharField(_("中文题目"), max_length=300)
    text_en = models.CharField(_("英文题目"), max_length=500)
    why_zh = models.CharField(_("中文解析"), max_length=300, blank=True)
    why_en = models.CharField(_("英文解析"), max_length=500, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("题目")
        verbose_name_plural = _("题目")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """In the active language."""
        return self.text_en if in_english() else self.text_zh

    @property
    def why(self) -> str:
        """In the active language."""
        return self.why_en if in_english() else self.why_zh


class Option(models.Model):
    """One of the answers to choose from."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="options")
    text_zh = models.CharField(_("中文选项"), max_length=200)
    text_en = models.CharField(_("英文选项"), max_length=300)
    is_right = models.BooleanField(_("正确"), default=False)

    class Meta:
        verbose_name = _("选项")
        verbose_name_plural = _("选项")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """In the active language."""
        return self.text_en if in_english() else self.text_zh


class QuizAttempt(models.Model):
    """A try: drawn with `seed`, until `ends_at`; `score` in whole percent, `level` what it brought."""

    TRANSITIONS = ATTEMPT

    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="attempts")
    worker = models.ForeignKey("workers.Worker", on_delete=models.CASCADE, related_name="quiz_attempts")
    seed = models.BigIntegerField(_("抽题种子"))
    status = models.CharField(_("状态"), max_length=7, choices=AttemptStatus.choices, default=AttemptStatus.RUNNING)
    started_at = models.DateTimeField(_("开始时间"))
    ends_at = models.DateTimeField(_("截止时间"))
    finished_at = models.DateTimeField(_("交卷时间"), null=True, blank=True)
    right = models.PositiveSmallIntegerField(_("答对题数"), null=True, blank=True)
    asked = models.PositiveSmallIntegerField(_("题数"))
    score = models.PositiveSmallIntegerField(_("成绩 %"), null=True, blank=True)
    level = models.PositiveSmallIntegerField(_("等级"), null=True, blank=True)

    class Meta:
        verbose_name = _("答题记录")
        verbose_name_plural = _("答题记录")
        ordering = ["-started_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "quiz"], condition=Q(status="running"), name="one_running_attempt"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("started_at")), name="attempt_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.worker_id} {self.quiz_id} {self.started_at:%Y-%m-%d %H:%M}"


class AttemptQuestion(models.Model):
    """A drawn question as it was asked: later changes of the bank do not touch it.

    `content`: kind, text and why as {"zh", "en"}, options [{"key", "zh", "en"}] in the order shown, right [key].
    """

    attempt = models.ForeignKey(QuizAttempt, on_delete=models.CASCADE, related_name="questions")
    number = models.PositiveSmallIntegerField(_("第几题"))
    question = models.ForeignKey(Question, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    content = models.JSONField(_("题目"))
    answer = models.JSONField(_("答案"), default=list, blank=True)
    answered_at = models.DateTimeField(_("作答时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("试题")
        verbose_name_plural = _("试题")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["attempt", "number"], name="one_question_a_number")]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.number}"

    def told(self, words: Any) -> str:
        """A stored text in the active language."""
        return str(words["en" if in_english() else "zh"])
