"""Models of stocks and flows: read, checked, run in two languages alike, and as PySD runs them."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from learnpath.simulation.chart import draw, number_text
from learnpath.simulation.expressions import ExpressionError, Names, parse
from learnpath.simulation.program import Compiled, Program, compile_model
from learnpath.simulation.run import Run, rows_of
from learnpath.simulation.syntax import Clock, Declaration, Shown, is_silent, parse_line
from learnpath.simulation.units import parse_unit, times, unit_text
from support import TESTS, UPDATE

MODELS = sorted((TESTS / "models").glob("*.txt"))
VECTORS = TESTS / "vectors" / "models.json"


def compiled(text: str) -> Compiled:
    """A model's lines, compiled."""
    lines = [parse_line(t, n) for n, t in enumerate(text.split("\n"), 1) if not is_silent(t)]
    (clock,) = (line for line in lines if isinstance(line, Clock))
    declared = [line for line in lines if isinstance(line, Declaration)]
    return compile_model(clock, declared, [line for line in lines if isinstance(line, Shown)])


def program(text: str) -> Program:
    """The program of a model that is right."""
    found = compiled(text)
    assert found.program is not None, found.told
    return found.program


def told(text: str) -> list[tuple[str, int, int]]:
    """Rule, line and offset of everything that is told of a model."""
    return [(each.rule, each.line, each.offset) for each in compiled(text).told]


_PYSD = """
import json, sys, pysd
found = {}
for path in sys.argv[1:]:
    frame = pysd.read_vensim(path).run()
    found[path] = {name: list(map(float, frame[name])) for name in frame.columns}
print("RESULT" + json.dumps(found))
"""


@pytest.fixture(scope="module")
def pysd(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, list[float]]]:
    """What PySD makes of the models in Vensim's own format, by name."""
    folder = tmp_path_factory.mktemp("pysd")
    paths = []
    for model in MODELS:
        path = folder / f"{model.stem}.mdl"
        path.write_text(model.with_suffix(".mdl").read_text("utf-8"), "utf-8")
        paths.append(str(path))
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _PYSD, *paths],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2000:]
    found = json.loads(ran.stdout.partition("RESULT")[2])
    return {Path(path).stem: columns for path, columns in found.items()}


@pytest.mark.parametrize("model", MODELS, ids=lambda path: path.stem)
def test_results_agree_with_pysd(model: Path, pysd: dict[str, dict[str, list[float]]]) -> None:
    """Every variable that both have, at every step, to a millionth."""
    rows = rows_of(program(model.read_text("utf-8").strip()))
    columns = pysd[model.stem]
    compared = 0
    for name in rows[0]:
        if name not in columns or name == "time":
            continue
        compared += 1
        assert len(columns[name]) == len(rows)
        for row, other in zip(rows, columns[name], strict=True):
            assert math.isclose(row[name], other, rel_tol=1e-6, abs_tol=1e-6), (name, row["time"])
    assert compared >= 2


def test_there_are_models_to_compare() -> None:
    """Four known models: cooling, an epidemic, hares and lynxes, and a shelf with delays."""
    assert [path.stem for path in MODELS] == ["epidemic", "hares", "shelf", "teacup"]


def test_the_fourth_order_is_near_the_truth() -> None:
    """Cooling is exactly known: Euler is off by degrees, the fourth order by next to nothing."""
    text = "time 0 to 20 minutes, step 2{}\nstock t = 90\nflow out from t = t / 10"
    truth = 90 * math.exp(-2)
    euler, fourth = (rows_of(program(text.format(how)))[-1]["t"] for how in ("", ", rk4"))
    assert abs(euler - truth) > 1
    assert abs(fourth - truth) < 1e-3


# The vectors that the browser's simulator is held to

_MADE = {
    "fourth order": "time 0 to 5 days, step 0.5, rk4\nstock a = 3\nstock b = a * 2\n"
    "flow f from a to b = a * sin(time) / 2 + smooth(b, 3) / 9\nauxiliary c = delay(b, 2, a)",
    "everything": "time -2 to 6 weeks, step 0.5\nslider warmth = 3 (1 to 5)\n"
    "decision order = 4 (0 to 20)\nstock shelf = warmth + 9\ntable t = (0, 1) (10, −2) (20, 5)\n"
    "flow in to shelf = delay3(order, 2)\nflow out from shelf = if(shelf > 10 and not (time < 0), "
    "min(shelf, 6), max(1, t(shelf)))\n"
    "auxiliary odd = round(2.5) + floor(-1.5) + abs(-3) ^ 2 + sqrt(16) + ln(exp(2)) + cos(0)\n"
    "auxiliary shape = step(2, 1) + pulse(3, 2, 1) + ramp(0.5, 0, 4)\n"
    "auxiliary nothing = 1 / (time - 3)\nauxiliary lost = nothing + 1\n"
    "auxiliary asked = (shelf == 12 or shelf != 3) + (shelf >= 9) + (2 <= 1)\n"
    "show shelf, order\nshow after odd",
}  # fmt: skip
_DECISIONS: dict[str, list[dict[str, float]]] = {
    "everything": [{"order": 4}, {"order": 9}, {"order": 0}, {"order": 7.5}]
}


def _vectors() -> list[dict[str, Any]]:
    texts = {path.stem: path.read_text("utf-8").strip() for path in MODELS} | _MADE
    vectors = []
    for name, text in texts.items():
        made = program(text)
        decisions = _DECISIONS.get(name, [])
        rows = rows_of(made, {}, decisions)
        kept = rows[:: max(len(rows) // 12, 1)]
        rounded = [
            {k: None if math.isnan(v) else float(f"{v:.12g}") for k, v in row.items()}
            for row in kept
        ]
        vectors.append({"name": name, "program": made, "decisions": decisions, "rows": rounded})
    return vectors


def test_the_vectors_are_what_the_simulator_says() -> None:
    """tests/vectors/models.json, which tests/js holds the browser's simulator to."""
    made = _vectors()
    if UPDATE:
        text = json.dumps(made, ensure_ascii=False, indent=None, separators=(",", ":"))
        VECTORS.write_text(text.replace('{"name"', '\n{"name"') + "\n", "utf-8")
    kept = json.loads(VECTORS.read_text("utf-8"))
    assert [each["name"] for each in kept] == [each["name"] for each in made]
    for one, other in zip(kept, made, strict=True):
        assert one["program"] == other["program"], one["name"]
        for row, again in zip(one["rows"], other["rows"], strict=True):
            for key, value in row.items():
                if value is None or again[key] is None:
                    assert value == again[key], (one["name"], key)
                else:
                    assert math.isclose(value, again[key], rel_tol=1e-9, abs_tol=1e-9)


# What is told


@pytest.mark.parametrize(
    ("line", "offset"),
    [
        ("shelf = 4", 0),
        ("stok shelf = 4", 0),
        ("stock shelf 4", 13),
        ("stock = 4", 6),
        ("stock the-shelf = 4", 6),
        ("stock step = 4", 6),
        ("flow out = 4", 5),
        ("decision order = 4", 16),
        ("decision order = 9 (0 to 4)", 16),
        ("table t = (0, 1)", 16),
        ("table t = (1, 0) (0, 1)", 9),
        ("stock a = 4 [crates/(]", 13),
        ("time 5 to 0 weeks", 5),
        ("time soon", 5),
        ("show ,", 5),
    ],
)
def test_a_bad_line_says_where(line: str, offset: int) -> None:
    """Each with the place where reading stopped, and what to write."""
    with pytest.raises(ExpressionError) as caught:
        parse_line(line, 1)
    assert caught.value.offset == offset, caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("", 0), ("1 +", 3), ("1 2", 2), ("(1", 2), ("min(1)", 5), ("a b c", 4), ("t", 1),
        ("1 = 2", 2), ("a ? 1", 2), ("and", 0), ("(" * 60 + "1" + ")" * 60, 51), ("nope", 0),
        ("1" + "+1" * 3000, 402),
    ],
)  # fmt: skip
def test_a_bad_expression_says_where(text: str, offset: int) -> None:
    """The offset counts from the expression's beginning."""
    names = Names({"a": None, "a b": None}, {"t": None}, ())
    with pytest.raises(ExpressionError) as caught:
        parse(text, names)
    assert caught.value.offset == offset, caught.value.message


_HEAD = "time 0 to 9 weeks\nstock shelf = 1 [crates]\nconstant w = 2 [weeks]\n"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("flow f from shelf = shelf / w [crates/week]", []),
        ("flow f from shelf = shelf * 2 / w", []),
        ("auxiliary a = shelf + 1 [crate]", []),
        ("auxiliary a = shelf + w", [("unit-mismatch", 4, 20)]),
        ("auxiliary a = w [crates]", [("unit-mismatch", 4, 14)]),
        ("flow f from shelf = shelf [crates]", [("unit-mismatch", 4, 0)]),
        ("auxiliary a = smooth(shelf, shelf)", [("unit-mismatch", 4, 28)]),
        ("auxiliary a = exp(shelf)", [("unit-mismatch", 4, 18)]),
        ("auxiliary a = if(shelf > w, 1, 2)", [("unit-mismatch", 4, 23)]),
        ("auxiliary a = b + 1\nauxiliary b = a", [("algebraic-circle", 4, 13)]),
        ("auxiliary a = smooth(b, 2)\nauxiliary b = a", [("algebraic-circle", 4, 13)]),
        ("auxiliary a = smooth(b, 2, 0)\nauxiliary b = a", []),
        ("auxiliary a = delay(b, 2, 0)\nauxiliary b = a", []),
        ("flow f from shelve = 2", [("invalid-model", 4, 0)]),
        ("flow f from here to there = 2", [("invalid-model", 4, 0)]),
        ("stock Shelf = 2", [("invalid-model", 4, 0)]),
        ("show shelf, nothing", [("invalid-model", 4, 5)]),
        ("auxiliary a = shelv", [("invalid-model", 4, 14)]),
    ],
)
def test_what_is_told_of_a_model(line: str, expected: list[tuple[str, int, int]]) -> None:
    """Units, circles and slips, each at its place."""
    assert told(_HEAD + line) == expected


def test_a_name_may_have_spaces_and_the_longest_is_meant() -> None:
    """`shelf life` is not `shelf`, in any case and with any spacing."""
    made = program(
        "time 0 to 1 days\nstock shelf = 1\nconstant shelf life = 5\n"
        "auxiliary a = Shelf  LIFE + shelf"
    )
    assert rows_of(made)[0]["a"] == 6


def test_units_are_products() -> None:
    """Plurals, powers, signs and fractions."""
    assert parse_unit("crates/week") == parse_unit("crate / weeks")
    assert unit_text(times(parse_unit("m^2"), parse_unit("m/s"))) == "m^3/s"
    assert parse_unit("1") == parse_unit("") == times(parse_unit("a"), parse_unit("a"), -1)
    assert unit_text(parse_unit("1/day")) == "1/day"
    assert unit_text(parse_unit("°C")) == "°C"


def test_a_run_can_be_changed_as_it_goes() -> None:
    """Decisions hold from the moment at which they are taken."""
    run = Run(program("time 0 to 3 weeks\nstock s = 0\ndecision d = 1 (0 to 9)\nflow f to s = d"))
    run.advance()
    run.change({"d": 5})
    run.advance()
    assert run.values["s"] == 6


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (-0.0001, "0"), (1234.5, "1235"), (12.346, "12.35"), (-3.1, "−3.1"),
     (0.0625, "0.063"), (math.nan, "–"), (120.04, "120"), (10, "10")],
)  # fmt: skip
def test_numbers_are_read_easily(value: float, text: str) -> None:
    """Few digits, a true minus sign, and a dash for what is no number."""
    assert number_text(value) == text


def test_a_chart_tells_its_lines_apart_without_colour() -> None:
    """Each has a class of its own and a letter at its end, and letters do not lie on each other."""
    svg = draw([0, 1, 2], [[1, 2, 3], [3, 2, 3], [math.nan, 1, 3]], "A & B", "<u>", "weeks")
    assert 'aria-label="A &amp; B"' in svg
    assert "style=" not in svg
    assert "nan" not in svg
    for at, letter in enumerate("ABC"):
        assert f'class="chart-line line-{at}"' in svg
        assert f">{letter}</text>" in svg
