"""Consent to the use of one's position: who gave it, to which text, until when."""

from datetime import timedelta

import pytest

from tests.fixtures.agency import NOW, Agency
from workers.models.consent import PositionConsent
from workers.services import consents

MINUTE = timedelta(minutes=1)


def test_nobody_has_consented_before_saying_so(agency: Agency) -> None:
    assert not consents.has_consent(agency.worker(consents=False), NOW)


def test_consent_counts_from_giving_to_withdrawing(agency: Agency) -> None:
    worker, other = agency.worker(consents=False), agency.worker(consents=False)
    consents.give(worker, NOW)
    assert not consents.has_consent(worker, NOW - MINUTE)
    assert consents.has_consent(worker, NOW)
    assert not consents.has_consent(other, NOW)
    assert consents.withdraw(worker, NOW + MINUTE)
    assert not consents.has_consent(worker, NOW + MINUTE)
    assert consents.has_consent(worker, NOW)


def test_giving_and_withdrawing_repeat_without_effect(agency: Agency) -> None:
    worker = agency.worker(consents=False)
    first = consents.give(worker, NOW)
    assert consents.give(worker, NOW + MINUTE) == first
    consents.withdraw(worker, NOW + 2 * MINUTE)
    assert not consents.withdraw(worker, NOW + 3 * MINUTE)
    kept = PositionConsent.objects.get()
    assert (kept.given_at, kept.withdrawn_at) == (NOW, NOW + 2 * MINUTE)


def test_history_is_kept(agency: Agency) -> None:
    worker = agency.worker(consents=False)
    for step in range(3):
        consents.give(worker, NOW + 2 * step * MINUTE)
        consents.withdraw(worker, NOW + (2 * step + 1) * MINUTE)
    assert PositionConsent.objects.count() == 3


def test_a_new_text_needs_a_new_consent(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = agency.worker(consents=False)
    consents.give(worker, NOW)
    monkeypatch.setattr(consents, "VERSION", consents.VERSION + 1)
    assert not consents.has_consent(worker, NOW)
    consents.give(worker, NOW + MINUTE)
    assert consents.has_consent(worker, NOW + MINUTE)
    assert PositionConsent.objects.filter(withdrawn_at=NOW + MINUTE).count() == 1
