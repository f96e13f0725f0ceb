"""The score is bounded, rises with what is given, knows no order, and no single rating can throw it far."""

from decimal import Decimal
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from feedback.selectors.stars import USUAL
from feedback.star_score import Rated, Rule, Threshold, level, next_step, score, shown, weight_of

ONE = st.builds(Rated, st.integers(1, 5), st.integers(0, 900))
MANY = st.lists(ONE, max_size=30)
RULES = st.builds(Rule, st.decimals("1", "5", places=1), st.integers(1, 10), st.integers(1, 400))
SCORES = st.decimals("1", "5", places=2)
TABLE = [Threshold(n, Decimal(least), services) for n, (least, services) in USUAL.items()]
MARGIN = Decimal("0.10")
HAIR = Decimal("0.011")


@given(MANY, RULES)
def test_it_lies_between_the_worst_and_the_best_of_ratings_and_prior(ratings: list[Rated], rule: Rule) -> None:
    all_of_it = [Decimal(one.stars) for one in ratings] + [rule.prior]
    assert min(all_of_it) <= score(ratings, rule) <= max(all_of_it)


@given(MANY, RULES, st.randoms(use_true_random=False))
def test_the_order_does_not_matter(ratings: list[Rated], rule: Rule, random: Random) -> None:
    mixed = random.sample(ratings, len(ratings))
    assert score(mixed, rule) == score(ratings, rule)


@given(MANY, ONE, RULES)
def test_a_better_rating_never_lowers_it(ratings: list[Rated], one: Rated, rule: Rule) -> None:
    better = Rated(min(5, one.stars + 1), one.age)
    assert score([*ratings, better], rule) >= score([*ratings, one], rule)


@given(MANY, ONE, RULES)
def test_one_rating_moves_it_by_no_more_than_the_prior_allows(ratings: list[Rated], one: Rated, rule: Rule) -> None:
    moved = abs(score([*ratings, one], rule) - score(ratings, rule))
    assert moved <= Decimal(4) / (rule.weight + 1) + HAIR


@given(st.integers(0, 500), st.integers(0, 500), RULES)
def test_the_older_weighs_less(younger: int, more: int, rule: Rule) -> None:
    assert 0 < weight_of(younger + more, rule) <= weight_of(younger, rule) <= 1


def test_by_hand() -> None:
    rule = Rule(Decimal(4), 3, 120)
    assert score([], rule) == Decimal("4.00")
    # (3·4 + 5 + ½·1) ÷ (3 + 1 + ½)
    assert score([Rated(5, 0), Rated(1, 120)], rule) == Decimal("3.89")
    assert shown(Decimal("4.25")) == Decimal("4.3")


@given(SCORES, SCORES, st.integers(0, 40), st.integers(0, 5))
def test_more_never_means_a_lower_level(one: Decimal, other: Decimal, services: int, held: int) -> None:
    low, high = sorted((one, other))
    assert level(low, services, held, TABLE, MARGIN) <= level(high, services, held, TABLE, MARGIN)
    assert level(low, services, held, TABLE, MARGIN) <= level(low, services + 1, held, TABLE, MARGIN)


@given(SCORES, st.integers(0, 40), st.integers(0, 5))
def test_counting_again_changes_nothing(found: Decimal, services: int, held: int) -> None:
    once = level(found, services, held, TABLE, MARGIN)
    assert level(found, services, once, TABLE, MARGIN) == once


def test_a_level_is_held_until_the_score_is_well_below_it() -> None:
    assert level(Decimal("4.60"), 20, 0, TABLE, MARGIN) == 5
    assert level(Decimal("4.50"), 20, 5, TABLE, MARGIN) == 5
    assert level(Decimal("4.49"), 20, 5, TABLE, MARGIN) == 4
    assert level(Decimal("4.50"), 20, 4, TABLE, MARGIN) == 4
    assert level(Decimal("5.00"), 2, 0, TABLE, MARGIN) == 0


@given(MANY, st.integers(0, 40), st.integers(0, 4))
def test_what_is_said_to_bring_the_next_level_brings_it(ratings: list[Rated], services: int, held: int) -> None:
    rule = Rule()
    step = next_step(ratings, services, held, TABLE, rule)
    assert step is not None and step.ratings is not None
    enough = [*ratings, *[Rated(5, 0)] * step.ratings]
    # A rounded hundredth may hide what is missing still.
    assert score(enough, rule) >= step.score - Decimal("0.01")
    assert level(score(enough, rule), services + step.services, held, TABLE, MARGIN) >= step.level or (
        score(enough, rule) < step.score
    )


def test_there_is_nothing_above_the_highest() -> None:
    assert next_step([], 99, 5, TABLE, Rule()) is None
