"""People look at their phones: what they do about new offers, invitations to stand by, and questions before a shift.

What rings is what the product sent: new offers, places on the bench and notices since the last look.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import NamedTuple, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

from orders.models import Assignment, BenchPlace, Offer, Order
from orders.services import bench, turning_up
from orders.states import AssignmentStatus, BenchStatus, OfferStatus
from staffing.core.actors import actor_of
from staffing.core.models import Notification
from staffing.demo.simulate import acts, behaviour
from staffing.demo.simulate.behaviour import MINUTE, Course, Question, dice
from staffing.demo.simulate.plan import Plan

M = TypeVar("M", bound=Model)


class Mind(NamedTuple):
    """What somebody has in mind to do, and when."""

    at: datetime
    act: Callable[[datetime], object]


FIRST, AGAIN, REMINDED = ("turn.ask",), ("turn.ask_again", "turn.warn"), ("turn.remind",)
PROPOSED = ("order.proposed",)
WATCHED: tuple[type[Model], ...] = (Offer, Assignment, BenchPlace, Notification)
NEWEST = "SELECT " + ", ".join(f"(SELECT max(id) FROM {model._meta.db_table})" for model in WATCHED)  # noqa: S608
# How long somebody takes to answer a question to confirm, and who of those who come says that they set out.
ANSWER_MINUTES = (2, 50)
REPORTS_SETTING_OUT = 0.7


class Phones:
    """All workers' phones of a run. `courses` is what becomes of each booking."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.courses: dict[int, Course] = {}
        self._last: dict[type[Model], int] = {}
        self._newest = dict.fromkeys(WATCHED, 0)
        self._heard: set[int] = set()
        self._proposed: list[int] = []

    def look(self, now: datetime) -> Iterator[Mind]:
        """What is new, and what people will do about it."""
        self._newest = _newest()
        looks = (self._offers, self._bookings, self._bench, self._questions)
        for model, look in zip(WATCHED, looks, strict=True):
            if self._newest[model] > self._last.get(model, 0):
                yield from look()

    def proposed(self) -> Iterator[tuple[int, str]]:
        """Orders of which dispatchers have just heard that they wait: ids and names apart from row numbers."""
        waiting, self._proposed = self._proposed, []
        rows = Order.objects.filter(pk__in=waiting).order_by("pk") if waiting else ()
        yield from ((order.pk, str(order.form_key)) for order in rows)

    def _offers(self) -> Iterator[Mind]:
        for offer in self._fresh(Offer, Offer.objects.select_related(*acts.OF_AN_OFFER)):
            if offer.status == OfferStatus.PENDING:
                kind, at = self._answer(acts.key_of_offer(offer), _question(offer))
                if kind != "lapse":
                    say = acts.accept if kind == "accept" else acts.decline
                    yield Mind(at, partial(say, offer.pk, actor_of(offer.worker.user)))

    def _answer(self, key: str, asked: Question) -> tuple[behaviour.Answer, datetime]:
        return behaviour.answer(dice(self.plan.seed, "answer", key), self.plan.habits, asked)

    def _bookings(self) -> Iterator[Mind]:
        for work in self._fresh(Assignment, Assignment.objects.select_related(*acts.OF_A_WORK)):
            self.courses[work.pk] = course = behaviour.course(
                dice(self.plan.seed, "course", acts.key_of_work(work)),
                self.plan.habits,
                booked=work.booked_at,
                start=work.start_at,
                end=work.end_at,
                way_minutes=acts.way_minutes(work),
            )
            if course.cancel is not None:
                yield Mind(course.cancel, partial(acts.call_off, work))
            if course.fate == "comes":
                yield Mind(course.arrive, partial(acts.arrive, work))
                if course.leave is not None:
                    yield Mind(course.leave, partial(acts.leave, work))

    def _bench(self) -> Iterator[Mind]:
        rows = BenchPlace.objects.select_related("worker__user", "shift__city")
        for place in self._fresh(BenchPlace, rows):
            if place.status == BenchStatus.INVITED:
                key = f"bench:{place.worker.user.phone}:{place.start_at.timestamp():.0f}"
                asked = Question(place.invited_at, place.answer_by, place.start_at)
                kind, at = self._answer(key, asked)
                if kind != "lapse":
                    say = bench.accept if kind == "accept" else bench.decline
                    yield Mind(at, _by_worker(say, place))

    def _questions(self) -> Iterator[Mind]:
        kinds = (*FIRST, *AGAIN, *REMINDED, *PROPOSED)
        for notice in self._fresh(Notification, Notification.objects.filter(kind__in=kinds)):
            if notice.kind in PROPOSED:
                self._hear_of(notice.subject_id)
            else:
                yield from self._answer_to(notice)

    def _hear_of(self, order_id: int) -> None:
        """Every dispatcher is told; one of them acts."""
        if order_id not in self._heard:
            self._heard.add(order_id)
            self._proposed.append(order_id)

    def _answer_to(self, notice: Notification) -> Iterator[Mind]:
        work = Assignment.objects.select_related(*acts.OF_A_WORK).get(pk=notice.subject_id)
        course = self.courses.get(work.pk)
        if course is None or work.status != AssignmentStatus.BOOKED:
            return
        if notice.kind in REMINDED:
            yield from self._setting_out(work, course, notice)
        elif course.first if notice.kind in FIRST else course.second:
            random = dice(self.plan.seed, notice.kind, acts.key_of_work(work))
            at = notice.created_at + random.uniform(*ANSWER_MINUTES) * MINUTE
            yield Mind(at, _by_worker(turning_up.confirm, work))

    def _setting_out(self, work: Assignment, course: Course, notice: Notification) -> Iterator[Mind]:
        if course.fate != "comes" or work.position.shift.order.site is None:
            return
        if dice(self.plan.seed, notice.kind, acts.key_of_work(work)).random() < REPORTS_SETTING_OUT:
            at = course.arrive - acts.way_minutes(work) * MINUTE
            yield Mind(max(notice.created_at, at), _by_worker(turning_up.set_out, work))

    def _fresh(self, model: type[M], rows: QuerySet[M]) -> Iterator[M]:
        """Rows written since the last look, in the order of their writing."""
        yield from rows.filter(pk__gt=self._last.get(model, 0), pk__lte=self._newest[model]).order_by("pk")
        self._last[model] = self._newest[model]


def _newest() -> dict[type[Model], int]:
    """The last row of each table that is watched (one query)."""
    with connection.cursor() as cursor:
        cursor.execute(NEWEST)
        return {model: last or 0 for model, last in zip(WATCHED, cursor.fetchone(), strict=True)}


def _question(offer: Offer) -> Question:
    start, now = offer.position.shift.start_at, offer.sent_at
    at = max(start, now)
    standing = BenchPlace.objects.filter(worker=offer.worker_id, status=BenchStatus.STANDING_BY)
    ready = start - now < behaviour.AT_ONCE and standing.filter(start_at__lte=at, end_at__gt=at).exists()
    return Question(now, offer.expires_at, start, standing_by=ready)


def _by_worker(service: Callable[..., object], what: Assignment | BenchPlace) -> Callable[[datetime], object]:
    """The service, done by the person themself at the moment it is given."""
    by = actor_of(what.worker.user)
    return lambda now: service(what.pk, by=by, now=now)
