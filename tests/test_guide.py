"""The facilitator's guide: one more site from the same source, and never a learner's words."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from support import ROOT, CommandLine, files_in, text_of, write_course

COURSE = {
    "course.yml": """\
title: The mill
id: the-mill
languages: [fr]
state: {told: false}
driving_question: question
routes:
  - id: short
    title: The short way
    for: people in a hurry
    steps: [index, {page: wheel, minutes: 25, do: In threes}, end]
""",
    "index.md": """\
---
title: The stream
minutes: 5
facilitator: |
  Let the *silence* stand.

  Then ask [the other one](wheel.md).
---

::: reflect {#question why="You will need it."}

What would you like to know?

:::

::: facilitator Likely misconceptions

They think the water pushes. See [for you](secret.md).

:::

::: choices Where to? {#where}

::: facilitator What the fork is for

Nobody has to see both.

:::

- [To the wheel](wheel.md){#wheel set="told"}

  ::: facilitator What this branch is for

  For those who like *machines*.

  :::

- Stay {#stay when="told" because="Nobody told you."}

  You hear the water.

:::
""",
    "wheel.md": """\
---
title: The wheel
summary: It turns.
kind: problem
related: {case: [end]}
---

```loop What turns it {#turning}
water -> wheel: more
wheel -> flour: more
```

```model The pond {#pond}
time 0 to 4 days
stock water = 3
flow out from water = sluice
decision sluice = 1 (0 to 2)
```

::: when told

They told you.

:::

[On](end.md)
""",
    "end.md": "---\ntitle: The end\nminutes: 7\nending: true\n---\n\nBread.\n",
    "secret.md": "---\ntitle: How to lead it\naudience: facilitator\n---\n\nBring chairs.\n",
    "far/field.md": (
        "---\ntitle: The field\nending: true\nfacilitator: See [it turn](../wheel.md).\n---\n\n"
        "Rye.\n"
    ),
    "index.fr.md": "---\ntitle: Le ruisseau\n---\n\nBonjour. [La roue](wheel.md)\n",
}


@pytest.fixture
def guide(tmp_path: Path, learnpath: CommandLine) -> Path:
    """The guide of the mill."""
    course = write_course(tmp_path / "course", COURSE)
    ran = learnpath("export", "guide", str(course), "-o", str(tmp_path / "guide"))
    assert ran.code == 0, ran.err
    return tmp_path / "guide"


def test_the_front_has_every_path_with_its_minutes(guide: Path) -> None:
    """A route is a table: from which minute, how long, which page, what to do and listen for."""
    front = (guide / "index.html").read_text("utf-8")
    assert "In threes" in front
    assert "<td>0</td><td>5</td>" in front
    assert "<td>5</td><td>25</td>" in front
    assert "<td>30</td><td>7</td>" in front
    assert "about 37 minutes" in text_of(front)


def test_the_front_has_notes_prompts_and_branches(guide: Path) -> None:
    """What the author wrote for facilitators is told, with links that count from the front."""
    front = (guide / "index.html").read_text("utf-8")
    assert "Let the <em>silence</em> stand." in front
    assert "Likely misconceptions" in front
    assert 'href="secret.html"' in front
    assert '<a href="wheel.html" data-page="wheel" data-edge="link">it turn</a>' in front
    for said in ("What would you like to know?", "You will need it.", "You hear the water.",
                 "Nobody told you."):  # fmt: skip
        assert said in text_of(front), said


def test_what_a_branch_is_for_stands_beside_it(guide: Path) -> None:
    """The author's note on a fork and on a way, once each, and what the page behind it is about."""
    front = (guide / "index.html").read_text("utf-8")
    branch = front[front.index('<ul class="guide-branch">') :]
    fork = front[front.index("Where the paths part") : front.index('<ul class="guide-branch">')]
    assert "Nobody has to see both." in fork
    assert front.count("Nobody has to see both.") == 1
    assert front.count("For those who like <em>machines</em>.") == 1
    to_the_wheel = branch[: branch.index("Stay")]
    assert "For those who like <em>machines</em>." in to_the_wheel
    assert "The wheel: It turns." in text_of(to_the_wheel)
    assert "What follows" not in to_the_wheel
    assert "You hear the water." in branch


def test_the_front_has_what_diagrams_and_models_ask(guide: Path) -> None:
    """They are prompts like any other."""
    front = " ".join(text_of((guide / "index.html").read_text("utf-8")).split())
    assert "Draw on What turns it" in front
    assert "Try it out The pond" in front


def test_the_map_has_the_notes(guide: Path, tmp_path: Path, learnpath: CommandLine) -> None:
    """With links that count from the map; the learners' own has none."""
    found = (guide / "map.html").read_text("utf-8")
    entry = found[found.index('id="at-index"') : found.index('id="at-wheel"')]
    assert "Let the <em>silence</em> stand." in entry
    assert '<a href="wheel.html"' in entry
    assert learnpath("build", str(tmp_path / "course"), "-o", str(tmp_path / "site")).code == 0
    assert "guide-note" not in (tmp_path / "site/map.html").read_text("utf-8")


def test_pages_for_facilitators_are_in_the_guide_alone(
    guide: Path, tmp_path: Path, learnpath: CommandLine
) -> None:
    """`audience: facilitator` and `::: facilitator` never come to the learners' site."""
    assert "Bring chairs." in (guide / "secret.html").read_text("utf-8")
    assert "They think the water" in (guide / "start.html").read_text("utf-8")
    assert learnpath("build", str(tmp_path / "course"), "-o", str(tmp_path / "site")).code == 0
    for name, data in files_in(tmp_path / "site").items():
        for words in (b"Bring chairs.", b"They think the water", b"Let the <em>", b"data-guide>",
                      b"Nobody has to see both", b"For those who like"):  # fmt: skip
            assert words not in data, name


def test_the_guide_can_keep_no_words(guide: Path) -> None:
    """It has no script, no journal, and no page on what is kept."""
    names = files_in(guide)
    assert not [name for name in names if name.endswith(".js")]
    assert "journal.html" not in names
    assert not [name for name, data in names.items() if b"<script src" in data]


def test_each_language_has_a_front_of_its_own(guide: Path) -> None:
    """The pages that lay there are moved aside, and links find them."""
    assert "Guide d’animation" in (guide / "fr/index.html").read_text("utf-8")
    assert "Bonjour." in (guide / "fr/start.html").read_text("utf-8")


def test_the_guide_is_the_same_bytes_every_time(tmp_path: Path, learnpath: CommandLine) -> None:
    """Of the sample course, too; and every link in it leads to a file that is there."""
    for name in ("one", "two"):
        ran = learnpath("export", "guide", str(ROOT / "content"), "-o", str(tmp_path / name))
        assert ran.code == 0, ran.err
    one = files_in(tmp_path / "one")
    assert one == files_in(tmp_path / "two")
    for name in one:
        if name.endswith(".html"):
            _leads_somewhere(tmp_path / "one" / name)


def _leads_somewhere(page: Path) -> None:
    for link in re.findall(r'(?:href|src)="([^"#]+)', page.read_text("utf-8")):
        if not link.startswith(("http", "data:")):
            assert (page.parent / unquote(link)).is_file(), f"{page}: {link}"


def test_export_speaks_json_and_refuses_the_course_itself(
    tmp_path: Path, learnpath: CommandLine
) -> None:
    """With `--format json` there is one document; the course is never written over."""
    course = write_course(tmp_path / "course", COURSE)
    ran = learnpath("export", "guide", str(course), "-o", str(tmp_path / "g"), "--format", "json")
    assert json.loads(ran.out)["pages"] == 6
    assert learnpath("export", "guide", str(course), "-o", str(course)).code == 2


def test_a_problem_has_its_question_and_cases_at_hand(
    tmp_path: Path, learnpath: CommandLine
) -> None:
    """A problem asks for the learner's own question, where it is asked elsewhere."""
    course = write_course(tmp_path / "course", COURSE)
    learnpath("build", str(course), "-o", str(tmp_path / "site"))
    page = (tmp_path / "site/wheel.html").read_text("utf-8")
    assert 'data-driving-question="question"' in page
    assert 'href="index.html#question"' in page
    assert page.index("See this as a case") < page.index("They told you.")
