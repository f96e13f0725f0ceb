"""From a posted order to a booked team, as `orders.services` would have done it."""

import time
from datetime import datetime, timedelta
from typing import Any

from orders.costing import ShiftCost, estimate
from orders.matching import reasons_against
from orders.matching.engine import next_best, propose
from orders.matching.types import Proposal
from orders.models import (
    Assignment,
    MatchRun,
    MatchShift,
    Offer,
    Order,
    OrderCertificate,
    OrderCourse,
    OrderLanguage,
    OrderSkill,
    Position,
    Shift,
)
from orders.services.bookings import OWN_WORD
from orders.services.proposing import CONFIRMED, SEEKING
from orders.states import OfferStatus, OrderStatus, PositionStatus
from orders.stored_match import columns_of
from staffing.core.actors import SYSTEM, Actor, actor_of
from staffing.core.holidays import is_holiday
from staffing.demo.past import attendance
from staffing.demo.past.jobs import Job, Place
from staffing.demo.past.world import World
from staffing.demo.seed.demand import Ask

SOON = timedelta(seconds=2)
ACCEPTED, DECLINED = 0.87, 0.95
REFUSALS = ("有考试", "临时有事", "距离太远", "身体不适", "时间冲突")
CANCELLED_SHARE = 0.02


def post(w: World, ask: Ask, at: datetime) -> None:
    """The client fills in the form and hands the order over."""
    by = actor_of(ask.member)
    job = _create(w, ask, at)
    w.ledger.record(job.order, "create", by=by, at=at, to_state=str(job.order.status))
    w.timeline.plan(w.after(at, 0.5, 5), submit, w, job)


def _create(w: World, ask: Ask, at: datetime) -> Job:
    kind, rate = ask.kind, w.bill_rate(ask)
    costs = [ShiftCost(s.start, s.end, s.headcount) for s in ask.shifts]
    order = Order(
        client=ask.company.client,
        created_by=ask.member,
        form_key=ask.key,
        title=ask.title,
        service_type=kind.service_type,
        remote=kind.remote,
        site=ask.site,
        city=ask.city,
        min_stars=kind.min_stars or None,
        clearance=kind.clearance,
        notes=ask.notes,
        bill_rate=rate,
        estimate=estimate(costs, rate, w.uplift, is_holiday).total,
        created_at=at,
        starts_at=min(s.start for s in ask.shifts),
        ends_at=max(s.end for s in ask.shifts),
    )
    job = Job(ask, w.ledger.add(order))
    _add_requirements(w, job)
    for spec in ask.shifts:
        shift = w.ledger.add(Shift(order=order, start_at=spec.start, end_at=spec.end, headcount=spec.headcount))
        job.shifts.append(shift)
        job.gone[shift.pk] = set()
        for number in range(1, spec.headcount + 1):
            job.places.append(Place(job, w.ledger.add(Position(shift=shift, number=number)), shift))
    return job


def _add_requirements(w: World, job: Job) -> None:
    kind, rows = job.ask.kind, w.catalogue
    for code, level in kind.skills.items():
        w.ledger.add(OrderSkill(order=job.order, skill=rows.skills[code], min_level=level))
    for code in kind.certificates:
        w.ledger.add(OrderCertificate(order=job.order, type=rows.certificates[code]))
    for code in kind.courses:
        w.ledger.add(OrderCourse(order=job.order, course=rows.courses[code]))
    for code, level in (kind.languages or {}).items():
        w.ledger.add(OrderLanguage(order=job.order, language=rows.languages[code], min_level=level))


def submit(w: World, job: Job, at: datetime) -> None:
    """The order is handed over; its last minute is planned at once."""
    order = job.order
    order.submitted_at = at
    w.ledger.change(order, "submit", by=actor_of(job.ask.member), at=at)
    w.timeline.plan(w.after(at, 0.02, 0.15), match, w, job)
    w.timeline.plan(order.ends_at + SOON, attendance.settle, w, job)
    if w.chance(CANCELLED_SHARE):
        latest = (order.starts_at - at).total_seconds() / 60 - 60
        w.timeline.plan(w.after(at, 30, max(31, latest)), cancel, w, job)


def match(w: World, job: Job, at: datetime) -> None:
    """The engine proposes people for all places."""
    order, began = job.order, time.perf_counter()
    if order.status != OrderStatus.SUBMITTED:
        return
    people = w.candidates(job.ask, order.starts_at, order.ends_at, at)
    result = propose([w.need(job.ask, shift) for shift in job.shifts], people, w.weights)
    shortage = sum(shift.shortage for shift in result.shifts)
    run = _run(w, job, at, "order", began, pool_size=len(people), shortage=shortage, **_quality(result))
    _place_all(w, job, result, run, at)
    w.ledger.change(order, "propose", by=SYSTEM, at=at, data={"run": run.pk, "shortage": shortage})
    _note_response(job, at)
    for place in job.places:
        if place.row.status == PositionStatus.OPEN:
            w.timeline.plan(at + timedelta(minutes=w.policy.seek_again_minutes), seek, w, place)
    if order.client.auto_confirm and shortage == 0:
        confirm(w, job, SYSTEM, at)
    else:
        w.timeline.plan(w.after(at, 3, 26), confirm, w, job, w.random.choice(w.desk))


def _run(w: World, job: Job, at: datetime, cause: str, began: float, **said: Any) -> MatchRun:
    """The row of a run with what the engine said of it."""
    return w.ledger.add(
        MatchRun(
            order=job.order,
            created_at=at,
            cause=cause,
            weights_version=w.weights.version,
            duration_ms=round((time.perf_counter() - began) * 1000),
            **said,
        )
    )


def _quality(result: Proposal) -> dict[str, Any]:
    return {
        "inputs_digest": result.digest,
        "positions": sum(shift.need.headcount for shift in result.shifts),
        "value": result.value,
        "bound": result.bound,
        "gap": result.gap,
        "method": result.method,
        "stopped": result.stopped,
    }


def _place_all(w: World, job: Job, result: Proposal, run: MatchRun, at: datetime) -> None:
    for answer in result.shifts:
        stored = w.ledger.add(MatchShift(run=run, **columns_of(answer)))
        free = [p for p in job.places if p.shift.pk == answer.need.shift_id]
        for place, choice in zip(free, answer.positions, strict=True):
            if choice.worker is not None:
                _put(w, place, choice.worker, choice.score, stored, at, backup=choice.backup)


def _put(
    w: World,
    place: Place,
    worker: int,
    score: int | None,
    match: MatchShift,
    at: datetime,
    *,
    backup: int | None = None,
) -> None:
    row = place.row
    row.proposed_worker, row.score, row.match = w.people[worker].worker, score, match
    row.backup_worker_id = backup
    _court(w, place, worker)
    w.ledger.change(row, "propose", by=SYSTEM, at=at, data={"worker": worker, "score": score})


def _court(w: World, place: Place, worker: int) -> None:
    place.courting = w.people[worker]
    place.courting.courted.append(place.booking(place.shift.start_at, place.shift.end_at))


def uncourt(place: Place) -> None:
    """The worker's time is no longer kept for this place."""
    if place.courting is not None:
        place.courting.courted.remove(place.booking(place.shift.start_at, place.shift.end_at))
        place.courting = None


def _note_response(job: Job, at: datetime) -> None:
    if job.order.proposed_at is None and all(p.row.status != PositionStatus.OPEN for p in job.places):
        job.order.proposed_at = at


def confirm(w: World, job: Job, by: Actor, at: datetime) -> None:
    """Everyone proposed is asked."""
    order = job.order
    if order.status != OrderStatus.PROPOSED:
        return
    order.confirmed_at = at
    w.ledger.change(order, "confirm", by=by, at=at)
    for place in job.places:
        if place.row.status == PositionStatus.PROPOSED:
            send(w, place, by, at)


def send(w: World, place: Place, by: Actor, at: datetime) -> None:
    """Ask the proposed worker, who answers in their own time."""
    worker, order = place.row.proposed_worker, place.job.order
    assert worker is not None
    place.waves += 1
    urgent = place.row.urgent or place.shift.start_at - at <= timedelta(minutes=w.policy.urgent_within_minutes)
    minutes = w.policy.urgent_offer_minutes if urgent else w.policy.offer_minutes
    offer = Offer(
        position=place.row,
        worker=worker,
        wave=place.waves,
        score=place.row.score,
        pay_rate=w.pay_rate(place.job.ask, worker),
        sent_at=at,
        expires_at=min(at + timedelta(minutes=minutes), place.shift.end_at),
    )
    place.pending = w.ledger.add(offer)
    w.asked[worker.pk][place.row.pk] = place
    w.ledger.change(place.row, "offer", by=by, at=at)
    w.ledger.record(offer, "send", by=by, at=at, to_state=str(offer.status))
    _plan_answer(w, place, offer, order.status == OrderStatus.IN_SERVICE)


def _plan_answer(w: World, place: Place, offer: Offer, hurry: bool) -> None:
    roll = w.random.random()
    minutes = w.random.uniform(0.7, 5) if hurry else min(50, w.random.lognormvariate(2.0, 0.9))
    at = offer.sent_at + timedelta(seconds=round(minutes * 60))
    if roll < DECLINED and at < offer.expires_at:
        w.timeline.plan(at, accept if roll < ACCEPTED else decline, w, place, offer)
    else:
        w.timeline.plan(offer.expires_at + SOON, expire, w, place, offer)


def accept(w: World, place: Place, offer: Offer, at: datetime) -> None:
    """A yes, unless the worker's time has gone meanwhile."""
    if offer.status != OfferStatus.PENDING:
        return
    person, shift = w.people[offer.worker_id], place.shift
    start = max(shift.start_at, at.replace(second=0, microsecond=0))
    need = w.need(place.job.ask, shift, start)
    found = reasons_against(need, person.as_booked(start, shift.end_at), weights=w.weights)
    against = [r for r in found if r.code not in OWN_WORD]
    if against:
        code = "double_booked" if any(r.code == "overlap" for r in against) else "not_eligible"
        _take_back(w, place, offer, code, at)
        return
    _end(w, place, offer, "accept", person.actor, at)
    uncourt(place)
    w.ledger.change(place.row, "fill", by=person.actor, at=at)
    _book(w, place, offer, start, at)
    _note_fill(w, place.job, at)


def _book(w: World, place: Place, offer: Offer, start: datetime, at: datetime) -> None:
    person, order = w.people[offer.worker_id], place.job.order
    work = w.ledger.add(
        Assignment(
            position=place.row,
            worker=offer.worker,
            offer=offer,
            start_at=start,
            end_at=place.shift.end_at,
            pay_rate=offer.pay_rate,
            bill_rate=order.bill_rate,
            booked_at=at,
        )
    )
    if place.replacement is not None:
        place.replacement.found, place.replacement.filled_at = work, at
        work.replaces = place.replacement.lost
        place.replacement = None
    place.work = work
    place.job.works.append(work)
    person.bookings.append(place.booking(start, work.end_at))
    w.ledger.record(work, "book", by=person.actor, at=at, to_state=str(work.status))
    w.timeline.plan(at + SOON, _take_back_clashing, w, work)
    attendance.plan(w, place, work)


def _note_fill(w: World, job: Job, at: datetime) -> None:
    if job.missing():
        return
    order = job.order
    order.filled_at = order.filled_at or at
    if order.status == OrderStatus.OFFERING:
        w.ledger.change(order, "fill", by=SYSTEM, at=at)


def _take_back_clashing(w: World, work: Assignment, at: datetime) -> None:
    """A yes takes the worker's other pending offers back where they clash."""
    rest = timedelta(minutes=work.worker.min_rest_minutes)
    for place in list(w.asked[work.worker_id].values()):
        if place.shift.start_at < work.end_at + rest and place.shift.end_at > work.start_at - rest:
            assert place.pending is not None
            _take_back(w, place, place.pending, "booked_elsewhere", at)


def _take_back(w: World, place: Place, offer: Offer, reason: str, at: datetime) -> None:
    offer.reason = reason
    _end(w, place, offer, "withdraw", SYSTEM, at, reason)
    pass_on(w, place, SYSTEM, reason, at)


def _end(w: World, place: Place, offer: Offer, action: str, by: Actor, at: datetime, reason: str = "") -> None:
    offer.answered_at = at
    place.pending = None
    del w.asked[offer.worker_id][place.row.pk]
    w.ledger.change(offer, action, by=by, at=at, reason=reason)


def withdraw(w: World, place: Place, reason: str, at: datetime, by: Actor = SYSTEM) -> None:
    """Take a pending offer back without passing the place on."""
    assert place.pending is not None
    place.pending.reason = reason
    _end(w, place, place.pending, "withdraw", by, at, reason)


def decline(w: World, place: Place, offer: Offer, at: datetime) -> None:
    """A no; the place passes on."""
    if offer.status != OfferStatus.PENDING:
        return
    by = w.people[offer.worker_id].actor
    offer.reason = w.random.choice(REFUSALS)
    _end(w, place, offer, "decline", by, at, offer.reason)
    place.job.gone[place.shift.pk].add(offer.worker_id)
    pass_on(w, place, by, "declined", at)


def expire(w: World, place: Place, offer: Offer, at: datetime) -> None:
    """No answer in time; the place passes on."""
    if offer.status != OfferStatus.PENDING:
        return
    _end(w, place, offer, "expire", SYSTEM, at)
    place.job.gone[place.shift.pk].add(offer.worker_id)
    pass_on(w, place, SYSTEM, "expired", at)


def pass_on(w: World, place: Place, by: Actor, reason: str, at: datetime) -> None:
    """Empty the place and look for the next."""
    uncourt(place)
    place.row.proposed_worker = place.row.score = None
    w.ledger.change(place.row, "clear", by=by, at=at, reason=reason)
    w.timeline.plan(at + SOON, seek, w, place)


def seek(w: World, place: Place, at: datetime, tries: int = 0) -> None:
    """The next best person; a search without result leaves no trace, so it is repeated more and more rarely."""
    job, row, began = place.job, place.row, time.perf_counter()
    if row.status != PositionStatus.OPEN or job.order.status not in SEEKING:
        return
    if at >= place.shift.end_at - timedelta(minutes=w.policy.replacement_until_minutes):
        attendance.give_up(w, place, at)
        return
    need = w.need(job.ask, place.shift, at)
    people = w.candidates(job.ask, need.start, need.end, at)
    gone = frozenset(job.gone[place.shift.pk])
    ranking = next_best(need, people, w.weights, excluded=gone, on_shift=job.on_shift(place))
    if ranking.best is None:
        _seek_again(w, place, at, tries)
        return
    cause = "replacement" if row.urgent else "pass_on"
    run = _run(w, job, at, cause, began, pool_size=len(people), shortage=0, positions=1, method="ranking")
    reserved = next((r for r in ranking.ranked if r.worker_id == row.backup_worker_id), None)
    entry = reserved or ranking.best
    _put(w, place, entry.worker_id, entry.score, w.ledger.add(MatchShift(run=run, **columns_of(ranking))), at)
    _note_response(job, at)
    if job.order.status in CONFIRMED:
        send(w, place, SYSTEM, at)


def _seek_again(w: World, place: Place, at: datetime, tries: int) -> None:
    pause = timedelta(minutes=w.policy.seek_again_minutes * min(6**tries, 144))
    last = place.shift.end_at - timedelta(minutes=w.policy.replacement_until_minutes)
    again = min(at + pause, last) if at < last else at + pause
    w.timeline.plan(again, lambda when: seek(w, place, when, tries + 1))


def cancel(w: World, job: Job, at: datetime) -> None:
    """The client calls the order off before it begins."""
    order, by = job.order, actor_of(job.ask.member)
    if order.status in (OrderStatus.IN_SERVICE, OrderStatus.COMPLETED):
        return
    for place in job.places:
        if place.pending is not None:
            withdraw(w, place, "order_cancelled", at, by)
    for place in job.places:
        if place.work is not None:
            attendance.free(w, place, "release", by, "活动取消", at)
    for place in job.places:
        uncourt(place)
        if place.row.status not in (PositionStatus.LAPSED, PositionStatus.CLOSED):
            w.ledger.change(place.row, "close", by=by, at=at, reason="order_cancelled")
    w.ledger.change(order, "cancel", by=by, at=at, reason="活动取消")
