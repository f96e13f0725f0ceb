"""A new version of the weights: every number has a meaning, and only numbers that make sense are taken."""

from dataclasses import fields
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from orders.forms.weights import MEANINGS, WeightsForm, check_values, defaults, in_force, most_points
from orders.matching import Weights
from orders.matching.scoring import MOST_VALUE, score_of
from orders.models import MatchWeights
from tests.fixtures.agency import NOW
from tests.orders.matching import make


def test_every_number_of_the_engine_has_a_meaning_and_its_default_makes_sense() -> None:
    assert list(defaults()) == [field.name for field in fields(Weights) if field.name != "version"]
    assert set(MEANINGS) == set(defaults())
    check_values(defaults())
    assert most_points(defaults() | {"value_first_percent": 0}) == 100
    assert most_points(defaults()) == 135


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"charm": 1}, "没有名为「charm」的权重。"),
        ({"stars": -1}, "「星级」须为 0 到 500 之间的整数。"),
        ({"stars": 1.5}, "「星级」须为 0 到 500 之间的整数。"),
        ({"stars": True}, "「星级」须为 0 到 500 之间的整数。"),
        ({"novice_percent": 101}, "「新人名额」须为 0 到 100 之间的整数。"),
        ({"base": 1000}, "各项得分合计须在 1 到 1000 分之间，现为 1135 分。"),
    ],
)
def test_what_makes_no_sense_is_refused(values: dict[str, Any], message: str) -> None:
    with override("zh-hans"), pytest.raises(ValidationError) as refusal:
        check_values(values)
    assert refusal.value.messages == [message]


def test_no_score_of_the_engine_is_above_the_most_points() -> None:
    """The best of all people at a client of the highest value, on the team, at the very place."""
    weights = Weights(value_first_percent=33, stars=21, reliability=16)
    best = make.person(skills={"chat": 5}, stars=Decimal(5), reliability=100)
    need = make.need(skills={"chat": 1}, priority=MOST_VALUE, team=frozenset({best.id}))
    values = {name: getattr(weights, name) for name in defaults()}
    assert score_of(need, best, weights) == most_points(values) - weights.continuity


def test_somebody_must_be_able_to_score() -> None:
    nothing = dict.fromkeys(
        ("closeness", "remote", "stars", "reliability", "skill", "team", "fairness", "continuity"), 0
    )
    with pytest.raises(ValidationError):
        check_values(nothing)


@pytest.mark.django_db
class TestForm:
    def filled(self, **changes: Any) -> WeightsForm:
        return WeightsForm({"version": "2026-2", "note": "", **in_force(), **changes})

    def test_it_starts_from_the_numbers_in_force(self) -> None:
        MatchWeights.objects.create(version="1", values={"stars": 30}, created_at=NOW)
        form = WeightsForm()
        assert form["stars"].value() == 30
        assert form["skill"].value() == 15

    def test_a_change_is_taken_whole(self) -> None:
        form = self.filled(stars=25)
        assert form.is_valid(), form.errors
        assert form.values() == defaults() | {"stars": 25}

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({}, "__all__"),
            ({"version": "default-1", "stars": 1}, "version"),
            ({"version": "甲 乙", "stars": 1}, "version"),
            ({"version": "", "stars": 1}, "version"),
            ({"stars": ""}, "stars"),
            ({"stars": 501}, "stars"),
            ({"stars": 500, "skill": 500}, "__all__"),
        ],
    )
    def test_what_is_wrong_is_said_where_it_is(self, changes: dict[str, Any], field: str) -> None:
        form = self.filled(**changes)
        assert not form.is_valid()
        assert list(form.errors) == [field]

    def test_a_version_is_never_used_again(self) -> None:
        MatchWeights.objects.create(version="2026-2", values={"stars": 30}, created_at=NOW)
        assert list(self.filled(stars=25).errors) == ["version"]
