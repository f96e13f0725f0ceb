"""The command from file to file: what it writes, says and returns."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bench import lookalike, public, staffgen
from orders.matching import cli, cli_work

from . import broken

ROOT = Path(__file__).resolve().parents[4]


def write(path: Path, instance: object) -> Path:
    path.write_text(json.dumps(instance))
    return path


@pytest.fixture
def raw_file(tmp_path):
    return write(tmp_path / "raw.json", broken.good_raw())


@pytest.fixture
def week_file(tmp_path):
    return write(tmp_path / "week.json", staffgen.generate("S", "crunch", 7))


def test_a_raw_instance_is_solved_to_standard_output(raw_file, capsys):
    assert cli.main([str(raw_file)]) == 0

    said = capsys.readouterr()
    assert said.out == '{"assignments":[[-3,0],[12,0],[12,1]]}\n'
    assert [line.split()[0] for line in said.err.splitlines()] == ["read", "check", "engine", "solve", "write"]


@pytest.mark.parametrize("profile", staffgen.PROFILES)
def test_a_benchmark_instance_is_solved_validly(tmp_path, profile, capsys):
    instance = staffgen.generate("S", profile, 11)
    source, target = write(tmp_path / "week.json", instance), tmp_path / "plan.json"

    assert cli.main([str(source), "-o", str(target), "--stats", "--bound"]) == 0

    stats = json.loads(capsys.readouterr().out)
    found = staffgen.check(instance, json.loads(target.read_text()))
    assert (found["score"], found["filled"]) == (stats["value"], stats["filled"])
    assert found["score"] <= stats["bound"] + 1e-6
    assert 0 <= stats["gap"] < 0.01
    assert stats["positions"] == instance["meta"]["n_slots"]
    assert set(stats["seconds"]) >= {"read", "index", "pairs", "solve", "write"}
    assert stats["peak_rss_mb"] > 10


def test_gzip_in_and_out_and_equal_bytes_each_time(tmp_path, week_file):
    zipped = tmp_path / "week.json.gz"
    zipped.write_bytes(gzip.compress(week_file.read_bytes()))
    one, two = tmp_path / "one.json.gz", tmp_path / "two.json.gz"

    assert cli.main([str(zipped), "-o", str(one)]) == 0
    assert cli.main([str(week_file), "-o", str(two)]) == 0

    assert one.read_bytes() == two.read_bytes()
    rows = json.loads(gzip.decompress(one.read_bytes()))["assignments"]
    assert rows == sorted(rows)
    assert len(rows) > 5


def test_a_cut_off_gzip_file_is_refused(tmp_path, week_file, capsys):
    zipped = tmp_path / "week.json.gz"
    zipped.write_bytes(gzip.compress(week_file.read_bytes())[:-200])

    assert cli.main([str(zipped)]) == 2

    assert capsys.readouterr().err == f"{zipped}: the gzip file is cut off\n"


def test_what_is_named_gz_must_be_gzip(tmp_path, capsys):
    named = tmp_path / "week.json.gz"
    named.write_text("{}")

    assert cli.main([str(named)]) == 2

    assert "not a good gzip file" in capsys.readouterr().err


def test_a_bad_file_is_one_line_and_leaves_the_old_solution(tmp_path, capsys):
    damaged = broken.good()
    end = damaged["orders"][0]["shifts"][0]["end"] = damaged["orders"][0]["shifts"][0]["start"]
    source, target = write(tmp_path / "week.json", damaged), tmp_path / "plan.json"
    target.write_text("old")

    assert cli.main([str(source), "-o", str(target)]) == 2

    said = capsys.readouterr()
    lines = [line for line in said.err.splitlines() if not line.startswith("read")]
    assert lines == [f"{source}: orders[0].shifts[0].end: must be after start ({end} ≤ {end})"]
    assert (said.out, target.read_text()) == ("", "old")
    assert sorted(os.listdir(tmp_path)) == ["plan.json", "week.json"]


def test_a_missing_file_and_a_missing_folder_are_told_apart_from_bad_ones(tmp_path, raw_file, capsys):
    assert cli.main([str(tmp_path / "none.json")]) == 3
    assert cli.main([str(tmp_path)]) == 3
    assert cli.main([str(raw_file), "-o", str(tmp_path / "none" / "plan.json")]) == 3
    assert cli.main([str(raw_file), "-o", str(tmp_path)]) == 3

    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 4
    assert lines[0] == f"{tmp_path / 'none.json'}: No such file or directory"


@pytest.mark.parametrize(
    "arguments", [[], ["--compile", "x.json"], ["x.json", "--time-limit", "-1"], ["x.json", "--time-limit", "nan"]]
)
def test_wrong_usage_is_two(arguments, capsys):
    with pytest.raises(SystemExit) as left:
        cli.main(arguments)

    assert left.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_the_time_limit_still_gives_a_valid_plan_and_says_so(tmp_path, capsys):
    instance = staffgen.generate("M", "crunch", 5, workers=1500, slots=300, cities=3)
    source, target = write(tmp_path / "week.json", instance), tmp_path / "plan.json"

    assert cli.main([str(source), "-o", str(target), "--time-limit", "0", "--stats"]) == 0

    said = capsys.readouterr()
    assert json.loads(said.out)["stopped"] is True
    assert "stopped by the time limit" in said.err
    assert staffgen.check(instance, json.loads(target.read_text()))["filled"] > 100


def test_an_interruption_writes_nothing(raw_file, tmp_path, monkeypatch, capsys):
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli_work, "load", interrupted)
    target = tmp_path / "plan.json"

    assert cli.main([str(raw_file), "-o", str(target)]) == 130

    assert not target.exists()
    assert "interrupted" in capsys.readouterr().err


def test_control_c_is_heard_while_compiled_code_runs(tmp_path):
    instance = public.tasks(*lookalike.task_scheduling(120, seed=3), seed=3)
    source, target = write(tmp_path / "tasks.json", instance), tmp_path / "plan.json"
    command = [sys.executable, "-m", "orders.matching", str(source), "-o", str(target)]

    def hear() -> None:
        # whoever is started in the background ignores Ctrl-C, and so would its children
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, preexec_fn=hear) as process:
        assert process.stderr is not None
        next(line for line in process.stderr if line.startswith("engine"))
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()

    assert (process.returncode, said) == (130, "interrupted, nothing written\n")
    assert not target.exists()


def test_figures_go_beside_the_solution_not_into_it(raw_file, capsys):
    assert cli.main([str(raw_file), "--stats"]) == 0

    said = capsys.readouterr()
    assert set(json.loads(said.out)) == {"assignments"}
    assert '"value": 120' in said.err


def test_big_scores_add_up(tmp_path, capsys):
    instance = {
        "meta": {"raw": True},
        "shifts": [{"id": t, "start": t * 100, "end": t * 100 + 100, "headcount": 1} for t in range(5)],
        "workers": [{}],
        "pairs": [[t, 0, 2_000_000_000 + t] for t in range(5)],
    }

    assert cli.main([str(write(tmp_path / "big.json", instance)), "-o", str(tmp_path / "o.json"), "--stats"]) == 0

    assert json.loads(capsys.readouterr().out)["value"] == 10_000_000_010


def test_an_empty_raw_instance_has_an_empty_plan(tmp_path, capsys):
    empty = {"meta": {"raw": True}, "shifts": [], "workers": [], "pairs": []}

    assert cli.main([str(write(tmp_path / "empty.json", empty))]) == 0

    assert capsys.readouterr().out == '{"assignments":[]}\n'


def test_it_runs_from_anywhere_without_django(tmp_path, raw_file):
    check = (
        "import sys; from orders.matching.cli import main; code = main(sys.argv[1:]); "
        "assert 'django' not in sys.modules; sys.exit(code)"
    )
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}

    done = subprocess.run(
        [sys.executable, "-c", check, str(raw_file)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (0, '{"assignments":[[-3,0],[12,0],[12,1]]}\n'), done.stderr


def test_nobody_reading_the_output_is_no_traceback(raw_file):
    command = f"{sys.executable} -m orders.matching {raw_file} | true; exit ${{PIPESTATUS[0]}}"

    done = subprocess.run(
        ["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False, env=os.environ
    )

    assert done.returncode in (0, 3)
    assert "Traceback" not in done.stderr


def test_a_device_is_written_to_not_replaced(raw_file):
    assert cli.main([str(raw_file), "-o", "/dev/null"]) == 0

    assert not Path("/dev/null").is_file()


def test_compile_builds_and_leaves(capsys):
    assert cli.main(["--compile"]) == 0

    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines()[-1].startswith("compile")
