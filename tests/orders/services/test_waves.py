"""Replacements in waves: several are asked at once, the first yes wins, the next wave comes by itself."""

from datetime import datetime

import pytest

from orders.models import Offer, Order, OrderPolicy, Position, Replacement
from orders.pool import lapsed_on
from orders.services import attendance, bookings, circle, offers, ordering, proposing, waves
from orders.states import AssignmentStatus, OfferStatus, PositionStatus
from staffing.core.errors import Conflict
from staffing.core.models import AuditEvent, Notification, OutboxMessage
from tests.fixtures.agency import HERE, NOW, Agency
from tests.fixtures.outbox import again, drain
from tests.orders.services.line import booked, days, desk, hours, minutes, offering, person, status_of
from workers.models import Worker

PENDING = OfferStatus.PENDING


def asked(wave: int | None = None) -> list[Offer]:
    """Whoever is asked at present, in the order of their invitation."""
    rows = Offer.objects.filter(status=PENDING).select_related("worker__user").order_by("wave", "pk")
    return [row for row in rows if wave in (None, row.wave)]


def people(agency: Agency, count: int) -> list[Worker]:
    return [agency.worker() for _ in range(count)]


def empty_place(agency: Agency, **fields: object) -> Position:
    """An open place of a confirmed order, for which nobody was there so far."""
    order = offering(agency, **fields)
    return Position.objects.get(shift__order=order)


def test_the_best_are_asked_at_once_by_the_ranking(agency: Agency) -> None:
    place = empty_place(agency)
    best = [agency.worker(stars=stars) for stars in ("4.9", "4.8", "4.7", "4.6", "4.5")]
    found = waves.start(place.pk, by=desk(agency), now=NOW)
    assert (found.wave, found.invited, found.ran) == (1, 3, False)
    assert [offer.worker_id for offer in asked()] == [worker.pk for worker in best[:3]]
    assert {(offer.wave, offer.expires_at) for offer in asked()} == {(1, NOW + minutes(10))}
    place.refresh_from_db()
    assert (place.status, place.wave, place.urgent) == (PositionStatus.OFFERED, 1, True)
    assert (place.proposed_worker, place.score) == (best[0], asked()[0].score)
    event = AuditEvent.objects.get(subject_type="position", action="invite")
    assert event.data["workers"] == [worker.pk for worker in best[:3]]


def test_how_many_and_how_soon_is_the_policys(agency: Agency) -> None:
    place = empty_place(agency)
    people(agency, 6)
    OrderPolicy(wave_size=2, wave_minutes=7).save()
    assert waves.start(place.pk, by=desk(agency), now=NOW).invited == 2
    drain(NOW + minutes(6.9))
    assert len(asked()) == 2
    drain(NOW + minutes(7))
    assert [offer.wave for offer in asked()] == [1, 1, 2, 2]


def test_a_second_click_says_that_it_runs(agency: Agency) -> None:
    place = empty_place(agency)
    people(agency, 6)
    waves.start(place.pk, by=desk(agency), now=NOW)
    again_ = waves.start(place.pk, by=desk(agency), now=NOW + minutes(1))
    assert (again_.ran, again_.invited, len(asked())) == (True, 0, 3)


def test_the_first_yes_wins_and_the_others_hear_that_it_is_gone(agency: Agency) -> None:
    place = empty_place(agency)
    people(agency, 3)
    waves.start(place.pk, by=desk(agency), now=NOW)
    first, second, third = asked()
    work = offers.accept(second.pk, by=person(second), now=NOW + minutes(1))
    place.refresh_from_db()
    assert (place.status, place.proposed_worker_id, place.wave) == (PositionStatus.FILLED, second.worker_id, 0)
    assert {(status_of(one), one.reason) for one in (first, third)} == {(OfferStatus.WITHDRAWN, offers.TAKEN)}
    with pytest.raises(Conflict) as gone:
        offers.accept(first.pk, by=person(first), now=NOW + minutes(2))
    assert gone.value.code == "offer_taken"
    assert offers.accept(second.pk, by=person(second), now=NOW + minutes(3)) == work
    drain(NOW + minutes(1))
    again("tell_of_taken", NOW + minutes(2))
    told = Notification.objects.filter(kind="offer.taken").values_list("user", flat=True)
    assert sorted(told) == sorted([first.worker.user_id, third.worker.user_id])
    drain(NOW + hours(1))
    assert Offer.objects.count() == 3


def test_a_no_or_a_silence_leaves_the_others(agency: Agency) -> None:
    place = empty_place(agency)
    people(agency, 3)
    waves.start(place.pk, by=desk(agency), now=NOW)
    first, second, third = asked()
    offers.decline(first.pk, by=person(first), now=NOW)
    place.refresh_from_db()
    assert (place.status, place.proposed_worker_id) == (PositionStatus.OFFERED, second.worker_id)
    Offer.objects.filter(pk=second.pk).update(expires_at=NOW + minutes(1))
    assert offers.expire(second.pk, NOW + minutes(1))
    place.refresh_from_db()
    assert (place.status, place.proposed_worker_id, len(asked())) == (PositionStatus.OFFERED, third.worker_id, 1)
    offers.accept(third.pk, by=person(third), now=NOW + minutes(2))
    assert status_of(place) == PositionStatus.FILLED


def test_when_nobody_is_left_to_answer_the_next_wave_goes_out_at_once(agency: Agency) -> None:
    place = empty_place(agency)
    people(agency, 5)
    waves.start(place.pk, by=desk(agency), now=NOW)
    for offer in asked():
        offers.decline(offer.pk, by=person(offer), now=NOW + minutes(1))
    assert status_of(place) == PositionStatus.OPEN
    drain(NOW + minutes(1))
    assert [offer.wave for offer in asked()] == [2, 2]
    assert Offer.objects.values("worker").distinct().count() == 5


def test_waves_go_on_by_the_clock_until_nobody_is_left_and_then_the_place_is_looked_at_later(agency: Agency) -> None:
    place = empty_place(agency)
    people(agency, 7)
    waves.start(place.pk, by=desk(agency), now=NOW)
    numbers = []
    for n in range(1, 5):
        drain(NOW + minutes(5 * n))
        numbers.append([offer.wave for offer in asked()])
    # Ten minutes to answer: the first wave ends when the third begins.
    assert numbers == [[1, 1, 1, 2, 2, 2], [2, 2, 2, 3], [3], []]
    assert status_of(place) == PositionStatus.OPEN
    looks = OutboxMessage.objects.filter(topic="position.seek", done_at__isnull=True)
    assert [row.due_at for row in looks] == [NOW + minutes(30)]
    late = agency.worker()
    drain(NOW + minutes(30))
    assert [offer.worker for offer in asked()] == [late]


def test_silence_is_no_refusal_for_ever_but_others_go_first(agency: Agency) -> None:
    place = empty_place(agency)
    silent, refused = people(agency, 2)
    waves.start(place.pk, by=desk(agency), now=NOW)
    (no,) = Offer.objects.filter(worker=refused).select_related("worker__user")
    offers.decline(no.pk, by=person(no), now=NOW)
    drain(NOW + minutes(10))
    drain(NOW + minutes(60))
    assert asked() == []
    fresh = agency.worker()
    drain(NOW + minutes(70))
    assert [offer.worker for offer in asked()] == [fresh]
    offers.decline(asked()[0].pk, by=person(asked()[0]), now=NOW + minutes(70))
    drain(NOW + minutes(81))
    assert [offer.worker for offer in asked()] == [silent]


@pytest.mark.parametrize(("then", "may"), [(OfferStatus.WITHDRAWN, True), (OfferStatus.DECLINED, False)])
def test_only_a_no_bars_who_was_silent(agency: Agency, then: OfferStatus, may: bool) -> None:
    place, (one,) = empty_place(agency), people(agency, 1)
    waves.start(place.pk, by=desk(agency), now=NOW)
    drain(NOW + minutes(10))
    later = Offer.objects.get()
    later.pk, later.status = None, then
    later.save()
    assert lapsed_on(place.shift_id, NOW + minutes(11)) == (frozenset({one.pk}) if may else frozenset())
    assert lapsed_on(place.shift_id, NOW + minutes(10)) == frozenset()


def test_if_all_would_come_late_whoever_is_there_soonest_goes_first(agency: Agency) -> None:
    place = empty_place(agency)
    start = place.shift.start_at
    far = agency.worker(stars="5.0", latitude=HERE[0] + 0.1, max_km=900)
    near = agency.worker(stars="4.0")
    assert [entry.worker_id for entry in proposing.best_for(place, 2, start - hours(3))[0]] == [far.pk, near.pk]
    assert [entry.worker_id for entry in proposing.best_for(place, 2, start - minutes(5))[0]] == [near.pk, far.pk]


def test_a_wave_that_fell_due_during_an_outage_goes_out_once(agency: Agency) -> None:
    place = empty_place(agency)
    people(agency, 9)
    waves.start(place.pk, by=desk(agency), now=NOW)
    back = NOW + hours(3)
    drain(back)
    again("next_wave", back)
    again("expire", back)
    assert [offer.wave for offer in asked()] == [2, 2, 2]
    assert Offer.objects.filter(wave=1, status=OfferStatus.EXPIRED).count() == 3
    place.refresh_from_db()
    assert (place.wave, place.proposed_worker_id) == (2, asked()[0].worker_id)
    waiting = OutboxMessage.objects.filter(topic="position.wave", done_at__isnull=True)
    assert [row.due_at for row in waiting] == [back + minutes(5)]


def test_somebody_asked_alone_stays_asked_and_first(agency: Agency) -> None:
    agency.worker()
    order = offering(agency)
    (alone,) = asked()
    people(agency, 4)
    found = waves.start(alone.position_id, by=desk(agency), now=NOW)
    place = Position.objects.get(shift__order=order)
    assert (found.wave, found.invited, [offer.wave for offer in asked()]) == (2, 3, [1, 2, 2, 2])
    assert place.proposed_worker_id == alone.worker_id
    offers.accept(alone.pk, by=person(alone), now=NOW)
    assert Offer.objects.filter(reason=offers.TAKEN).count() == 3


def test_an_override_is_the_chosen_persons_alone(agency: Agency) -> None:
    """Others who are asked beside them must pass every gate when they say yes."""
    place = empty_place(agency)
    weak = agency.worker(skills={agency.skill: 1})
    proposing.exchange(place.pk, weak.pk, by=desk(agency), now=NOW, reason="客户点名", override=True)
    other = agency.worker()
    waves.start(place.pk, by=desk(agency), now=NOW)
    mine = Offer.objects.get(worker=other)
    Worker.objects.filter(pk=other.pk).update(status=Worker.Status.SUSPENDED)
    with pytest.raises(bookings.NotFree):
        offers.accept(mine.pk, by=person(mine), now=NOW)
    place.refresh_from_db()
    assert (place.proposed_worker, place.chosen_by_hand, len(asked())) == (weak, True, 1)
    (theirs,) = asked()
    offers.accept(theirs.pk, by=person(theirs), now=NOW)
    assert status_of(place) == PositionStatus.FILLED


def test_the_novices_or_the_chosen_ones_mark_goes_with_them(agency: Agency) -> None:
    place = empty_place(agency)
    chosen = agency.worker()
    proposing.exchange(place.pk, chosen.pk, by=desk(agency), now=NOW, reason="客户点名")
    other = agency.worker()
    waves.start(place.pk, by=desk(agency), now=NOW)
    Position.objects.update(novice=True)
    mine = Offer.objects.get(worker=chosen)
    offers.decline(mine.pk, by=person(mine), now=NOW)
    place.refresh_from_db()
    assert (place.proposed_worker, place.chosen_by_hand, place.novice) == (other, False, False)


def test_a_no_show_starts_waves_and_the_replacement_is_closed_by_the_first_yes(agency: Agency) -> None:
    agency.worker()
    (work,) = booked(agency)
    people(agency, 5)
    late = work.start_at + minutes(15)
    drain(late)
    assert (status_of(work), len(asked())) == (AssignmentStatus.NO_SHOW, 3)
    second = asked()[1]
    found = offers.accept(second.pk, by=person(second), now=late + minutes(1))
    assert Replacement.objects.get().found == found
    drain(late + minutes(1))
    assert Notification.objects.filter(kind="offer.taken").count() == 2
    assert Notification.objects.filter(kind="replacement.found").exists()


def test_a_late_call_off_uses_waves_and_an_early_one_asks_one_after_the_other(agency: Agency) -> None:
    agency.worker()
    (soon,) = booked(agency)
    agency.worker()
    (later,) = booked(agency, shifts=days(8, start=NOW + hours(72)))
    people(agency, 5)
    attendance.cancel(later.pk, by=person(later), now=NOW, reason="有考试")
    drain(NOW)
    assert len(asked()) == 1
    Offer.objects.filter(status=PENDING).update(status=OfferStatus.EXPIRED)
    now = soon.start_at - minutes(100)
    attendance.cancel(soon.pk, by=person(soon), now=now, reason="有考试")
    place = soon.position
    waves.seek(place.pk, now)
    assert len([offer for offer in asked() if offer.position_id == place.pk]) == 3


def test_an_emergency_order_asks_more_beside_whom_the_engine_proposed(agency: Agency) -> None:
    people(agency, 6)
    order = agency.submitted(shifts=days(8, start=NOW + minutes(110)))
    drain(NOW)
    assert [offer.wave for offer in asked()] == [1, 2, 2, 2]
    ordering.confirm(order.pk, by=desk(agency), now=NOW)
    drain(NOW + minutes(5))
    assert [offer.wave for offer in asked()] == [1, 2, 2, 2, 3, 3]


def test_two_places_of_a_shift_do_not_ask_the_same_person(agency: Agency) -> None:
    order = offering(agency, headcount=2)
    people(agency, 5)
    for place in Position.objects.filter(shift__order=order).order_by("pk"):
        waves.start(place.pk, by=desk(agency), now=NOW)
    assert [offer.wave for offer in asked()] == [1, 1, 1, 1, 1]
    assert len({offer.worker_id for offer in asked()}) == 5


def test_only_the_first_of_those_asked_counts_as_taken_elsewhere(agency: Agency) -> None:
    place = empty_place(agency)
    three = people(agency, 3)
    waves.start(place.pk, by=desk(agency), now=NOW)
    offering(agency, headcount=3)
    elsewhere = Offer.objects.filter(status=PENDING).exclude(position=place)
    assert {offer.worker for offer in elsewhere} == set(three[1:])


def test_a_yes_to_one_of_two_invitations_takes_the_other_back_and_leaves_its_wave(agency: Agency) -> None:
    place = empty_place(agency)
    people(agency, 3)
    waves.start(place.pk, by=desk(agency), now=NOW)
    order = offering(agency, headcount=1)
    (other,) = Offer.objects.filter(status=PENDING, position__shift__order=order)
    offers.accept(other.pk, by=person(other), now=NOW)
    drain(NOW)
    place.refresh_from_db()
    assert (place.status, len([offer for offer in asked() if offer.position_id == place.pk])) == ("offered", 2)


@pytest.mark.parametrize("deed", ["cancel_order", "exchange", "take_off", "settle", "do_not_send"])
def test_whatever_ends_a_search_takes_back_all_questions(agency: Agency, deed: str) -> None:
    from orders.services import assigning

    place = empty_place(agency)
    first, *_rest, last = people(agency, 4)
    waves.start(place.pk, by=desk(agency), now=NOW)
    order, by = Order.objects.get(), desk(agency)
    if deed == "cancel_order":
        ordering.cancel(order.pk, by=by, now=NOW, reason="改期")
    elif deed == "exchange":
        proposing.exchange(place.pk, last.pk, by=by, now=NOW, reason="更合适")
    elif deed == "take_off":
        assigning.take_off(place.pk, by=by, now=NOW, seen=f"offered:{first.pk}", reason="再等等")
    elif deed == "settle":
        ordering.settle(order.pk, order.ends_at)
    else:
        circle.do_not_send(order.client, first, reason="投诉", by=by, now=NOW)
    left = {"exchange": [last.pk], "do_not_send": [row.pk for row in _rest]}.get(deed, [])
    assert [offer.worker_id for offer in asked()] == left
    place.refresh_from_db()
    assert place.proposed_worker_id == (left[0] if left else place.proposed_worker_id)
    drain(NOW + minutes(5)) if deed == "exchange" else None
    assert len(asked()) == len(left)


def test_somebody_not_to_be_sent_is_taken_out_of_a_wave_they_do_not_lead(agency: Agency) -> None:
    place = empty_place(agency)
    first, second, third = people(agency, 3)
    waves.start(place.pk, by=desk(agency), now=NOW)
    circle.do_not_send(Order.objects.get().client, second, reason="投诉", by=desk(agency), now=NOW)
    assert [offer.worker for offer in asked()] == [first, third]
    assert status_of(place) == PositionStatus.OFFERED


def test_where_it_is_too_late_nobody_more_is_asked_and_the_place_lapses(agency: Agency) -> None:
    place = empty_place(agency)
    people(agency, 6)
    end: datetime = Order.objects.get().ends_at
    last = end - minutes(62)
    waves.start(place.pk, by=desk(agency), now=last)
    drain(end - minutes(57))
    assert [offer.wave for offer in asked()] == [1, 1, 1]
    drain(end - minutes(50))
    assert (status_of(place), asked()) == (PositionStatus.LAPSED, [])
    with pytest.raises(Conflict):
        waves.start(place.pk, by=desk(agency), now=end - minutes(50))


def test_nobody_there_is_said_and_looked_at_later(agency: Agency) -> None:
    place = empty_place(agency)
    found = waves.start(place.pk, by=desk(agency), now=NOW)
    assert (found.wave, found.invited, found.ran) == (0, 0, False)
    assert OutboxMessage.objects.filter(topic="position.seek", done_at__isnull=True).count() == 1
    agency.worker()
    drain(NOW + minutes(10))
    assert [offer.wave for offer in asked()] == [1]


def test_an_order_that_nobody_confirmed_is_not_searched_for(agency: Agency) -> None:
    order = agency.submitted()
    drain(NOW)
    with pytest.raises(Conflict) as refused:
        waves.start(Position.objects.get(shift__order=order).pk, by=desk(agency), now=NOW)
    assert refused.value.code == "not_confirmed"
