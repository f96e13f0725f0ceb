"""The report says what was measured, and a dash where nothing was."""

from __future__ import annotations

from datetime import UTC, datetime

from bench import report

ONE = {
    "name": "S-tight-1",
    "size": "S",
    "profile": "tight",
    "meta": {"n_workers": 200, "n_slots": 40},
    "ours": {
        "valid": True,
        "pairs": 1234,
        "score": 9990,
        "fill": 0.5,
        "wall": 1.5,
        "seconds": {"read": 0.01, "check": 0.001, "index": 0.002, "pairs": 0.003, "solve": 0.2, "write": 0.001},
    },
    "scarcest": {"score": 9900, "seconds": 0.0012},
    "bound": {"bound": 10000.0},
    "best": {"failed": "not installed"},
    "cpsat": {"score": 9995, "seconds": 12.0},
}
PRODUCT = {
    "cold": {
        "read": 0.5,
        "index": 0.1,
        "demand": 0.2,
        "pairs": 0.1,
        "solve": 0.1,
        "backups": 0.0,
        "tell": 0.0,
        "commit": 0.25,
    },
    "warm": {"pairs": 0.1, "solve": 0.15},
    "whole": 1.25,
    "interpreter_mb": 10.0,
    "peak_mb": 250.0,
    "naive": {"shifts": 2000, "measured": 20, "whole_seconds": 2500.0},
}


def written(*results):
    when = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    return report.text(list(results), [], {"cores": "2"}, when, ["--sizes", "S"])


def row(text, heading):
    """The cells of the first row of the table under a heading."""
    table = text[text.index(f"## {heading}") :]
    lines = [line for line in table.splitlines() if line.startswith("|")]
    names, cells = ([cell.strip() for cell in line.strip("|").split("|")] for line in (lines[0], lines[2]))
    return dict(zip(names, cells, strict=True))


def test_quality_is_told_against_bound_and_best_known():
    cells = row(written(ONE), "Quality")

    assert (cells["% of bound"], cells["% of best known"]) == ("99.900", "99.950")
    assert cells["scarcest first"] == "99.000 in 1.2 ms"
    assert cells["CP-SAT"] == "99.950 in 12.00 s"
    assert cells["quick effort"] == "–"


def test_an_invalid_solution_cries_out():
    assert (
        row(written(ONE | {"ours": {"valid": False, "failed": "shift 3 over headcount"}}), "Quality")["valid"] == "NO"
    )


def test_the_plain_loop_is_extrapolated_and_says_so():
    cells = row(written(ONE | {"product": PRODUCT}), "In the product")

    assert cells["naive loop"] == "2,500 s (of 20 shifts)"
    assert (cells["cold is faster"], cells["warm is faster"]) == ("2,000 ×", "10,000 ×")
    assert (cells["cold ÷ read"], cells["warm ÷ read"]) == ("2.5", "0.50")
    assert cells["MB over interpreter"] == "240"


def test_machine_date_and_arguments_are_there():
    text = written(ONE)

    assert "2026-11-22 09:00 +0000" in text
    assert "- cores: 2" in text
    assert "python -m bench --sizes S" in text
    assert "## In the product" not in text


def test_one_order_at_a_time_has_its_tables():
    few = {"n": 60, "p50": 1.0, "p95": 2.0}
    inside = dict.fromkeys(("shortlist", "scan", "pairs", "propose", "what_if"), few)
    posting = {
        "posted": dict.fromkeys(("whole", "answer", "submit", "hand over", "begin", "match", "write"), few),
        "bare": dict.fromkeys(("repeated", "refused"), few | {"p95": 0.5}),
    }
    online = {"inprocess": inside | {"people": 200, "sql": few | {"same": 59}}, "posting": posting}

    text = written(ONE | {"online": online})

    assert "the very same people on 59 of 60 shifts" in text
    assert "| **posted to stored** | 60 | 1.00 | 2.00 |" in text
    assert "| posted to stored: p95 at most 20 × a bare POST (repeated submission) | 4.0 × (S-tight-1) | yes |" in text
    assert "| the same people as the SQL way: shifts that differ | 1 (S-tight-1) | **no** |" in text
