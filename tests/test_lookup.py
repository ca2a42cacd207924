"""The search: what of a page is found, in which files, and that mending them equals making them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from learnpath import build_site, load_course
from learnpath.document import Document, Facts, Said
from learnpath.frontmatter import FrontMatter
from learnpath.lookup import shards
from learnpath.lookup.entries import (
    HEADING,
    KEY,
    NUMBERS,
    OFTEN,
    ONCE,
    TITLE,
    Entry,
    keys_of,
    numbered,
)
from learnpath.lookup.index import Index, Left, StaleError, read_data, run_name
from learnpath.lookup.text import plain, said_of
from learnpath.lookup.words import words_of
from learnpath.page import Page
from support import COURSE, ROOT, files_in, write_course

VECTORS = json.loads((ROOT / "tests" / "vectors" / "search.json").read_text("utf-8"))


@pytest.mark.parametrize(("text", "words"), VECTORS)
def test_pages_are_taken_apart_as_the_vectors_say(text: str, words: list[str]) -> None:
    """Letters without accents and case; signs of scripts without spaces in pairs."""
    assert words_of(text) == words


def test_text_is_what_a_reader_sees() -> None:
    """Words are not torn by what stands in them; blocks are told apart."""
    html = "<h2>One</h2>\n<p>sys<em>tem</em> &amp; <code>a&lt;b</code>.</p><p>Then<br>this</p>"
    assert plain(html) == "One · system & a<b. Then · this"
    assert plain("<p>one&#10;two\nthree</p><p>four</p>") == "one two three · four"


PAGE = """---
title: The harbour
summary: Where boats wait.
---

# The harbour

Seen words.[^1] ![A drawn anchor](/p.png)

[^1]: A footnote word.

::: facilitator

Facilitatorword.

:::

::: when visited(index)

Conditionword.

:::

> [!HINT]
> Hintword.

::: predict {#guess}

Promptword?

- Optionword {#one}
- Other {#two}

::: sample

Sampleword.

:::

:::

::: choices Labelword {#go}

- [Linkword](index.md)
- Stayword {#stay}

  Consequenceword.

:::

```python
codeword = 1
```

$$mathword$$
"""


def found_words(folder: Path, name: str) -> set[str]:
    page = load_course(folder).by_id[name]
    said = said_of(page.document)
    return {*said.heads.split(), *said.often.split(), *said.rest.split()}


def test_a_word_tells_what_it_tells_in_the_best_of_its_places(tmp_path: Path) -> None:
    """In the title, the summary or a heading, often or once; each word is listed once."""
    body = "# Tide\n\nA tide at the quay, a buoy.\n\n## Rope\n\nRope, buoy by buoy.\n"
    text = f"---\nsummary: The quay at high tide\ntopics: [harbour]\n---\n\n{body}"
    write_course(tmp_path, {"course.yml": COURSE, "index.md": text})
    entry = Entry(load_course(tmp_path).by_id["index"])
    listed = [(word, weight) for weight, words in entry.words() for word in words]
    assert len(dict(listed)) == len(listed)
    telling = {"tide": TITLE, "quay": HEADING, "harbour": HEADING, "rope": HEADING}
    telling |= {"buoy": OFTEN, "by": ONCE}
    assert telling.items() <= dict(listed).items()


def test_nothing_is_given_away(tmp_path: Path) -> None:
    """What a learner has still to come to, and what is not for learners, is not found."""
    write_course(tmp_path, {"course.yml": COURSE, "index.md": "# S\n", "harbour.md": PAGE})
    words = found_words(tmp_path, "harbour")
    shown = "seen footnote anchor promptword optionword labelword linkword stayword codeword"
    assert set(shown.split()) <= words
    hidden = {"facilitatorword", "conditionword", "sampleword", "consequenceword", "mathword"}
    assert hidden & words == set()


def test_diagrams_and_models_are_found_by_what_is_in_them(tmp_path: Path) -> None:
    """By their titles, their variables and the names of circles; excerpts read well."""
    blocks = (
        "# S\n\n```loop Ringtitle {#ring}\nfear -> orders: more\norders -> fear: more\n"
        "R1: Circlename\n```\n\n```model Worldtitle {#world}\ntime 0 to 5 days\n"
        "stock shelf = 4\nflow selling from shelf = hunger\nslider hunger = 1 (0 to 5)\n```\n"
    )
    write_course(tmp_path, {"course.yml": COURSE, "index.md": blocks})
    words = found_words(tmp_path, "index")
    wanted = "ringtitle fear orders circlename worldtitle shelf selling hunger"
    assert set(wanted.split()) <= words
    document = load_course(tmp_path).by_id["index"].document
    assert "Ringtitle · fear → orders · orders → fear · Circlename" in said_of(document).text
    assert "Worldtitle · shelf, selling, hunger" in said_of(document).text
    assert document.words == 1 + (1 + 4 + 4) + (1 + 1)


HIDDEN = {
    "course.yml": COURSE + "languages: [de]\n",
    "index.md": "# Start\n\nOpenword. [to](secret.md) [to](gate.md) [to](once.md)\n",
    "index.de.md": "# Anfang\n\nDeutschwort.\n",
    "secret.md": "---\nlisted: never\n---\n\n# Secret\n\nSecretword.\n",
    "draft.md": "---\ndraft: true\n---\n\n# Draft\n\nDraftword.\n",
    "guide.md": "---\naudience: facilitator\n---\n\n# Guide\n\nGuideword.\n",
    "once.md": "---\nlisted: visited\n---\n\n# Once\n\nOnceword.\n",
    "gate.md": "---\nrequires: visited(once)\nbecause: Later.\n---\n\n# Gated title\n\nGateword.\n",
}


def test_hidden_pages_are_in_no_file(tmp_path: Path) -> None:
    """Neither their words nor their titles; of pages behind a gate the title alone."""
    folder = write_course(tmp_path / "course", HIDDEN)
    site = build_site(folder, tmp_path / "site", cached=False).output
    found = {name: data.decode() for name, data in files_in(site / "assets" / "search").items()}
    everything = "".join(found.values()).casefold()
    for word in ("secretword", "draftword", "guideword", "gateword"):
        assert word not in everything
    for word in ("openword", "gated title", "onceword", '{"', "deutschwort"):
        assert word in everything
    assert (
        "deutschwort" not in "".join(t for n, t in found.items() if n.startswith("en/")).casefold()
    )
    assert '"visited":{' in found["en/index.js"] and '"once"}' in found["en/index.js"]


def test_an_authors_own_page_takes_the_place_of_the_search(tmp_path: Path) -> None:
    """Nobody is sent to it by the header, and no file of a search is there."""
    folder = write_course(
        tmp_path / "course", {"course.yml": COURSE, "index.md": "# S\n", "search.md": "# Mine\n"}
    )
    site = build_site(folder, tmp_path / "site", cached=False).output
    assert "Mine" in (site / "search.html").read_text("utf-8")
    assert not (site / "assets" / "search").exists()
    assert 'href="search.html"' not in (site / "index.html").read_text("utf-8")


# Numbers, keys, runs


@given(st.sets(st.text(max_size=6), max_size=60))
def test_numbers_depend_on_the_ids_alone(ids: set[str]) -> None:
    """In whatever order they come, each has one of its own, and one that goes moves no other."""
    found = numbered(ids)
    assert found == numbered(sorted(ids, reverse=True))
    assert len(set(found.values())) == len(ids)
    if ids:
        gone = min(ids)
        assert numbered(ids - {gone}) == {i: n for i, n in found.items() if i != gone}


def test_two_pages_of_one_number_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """The later one takes the next that is free, past the end as well."""
    monkeypatch.setattr("learnpath.lookup.entries._number", lambda _: NUMBERS - 1)
    assert sorted(numbered("abc").values()) == [0, 1, NUMBERS - 1]


@given(st.lists(st.tuples(st.integers(0, NUMBERS - 1), st.integers(0, 3)), max_size=30))
def test_keys_sort_as_what_they_stand_for(pairs: list[tuple[int, int]]) -> None:
    """So that a run can be mended without taking it apart."""
    keys = {(number, weight): keys_of(number)[weight] for number, weight in pairs}
    assert [keys[pair] for pair in sorted(keys)] == sorted(keys.values())
    assert all(len(key) == KEY for key in keys.values())


@given(st.text(min_size=1, max_size=20))
def test_every_first_word_names_a_file(word: str) -> None:
    """Of letters that every file system and address takes, and never one of a device."""
    assert run_name(word).replace("-", "").replace("_", "").isalnum()
    assert run_name(word).startswith("w-") and run_name(word).isascii()


# Mending equals making


def a_page(identity: str, words: str, digest: str) -> Page:
    said = Said(words, "", "", " ".join(sorted(set(words.split()))))
    document = Document("", (), identity, "", (), Facts(), 0, said=said)
    source = f"{identity}.md"
    front = replace(FrontMatter(), title=identity)
    return Page(identity, "en", source, f"{identity}.html", front, document, digest, ())


ALPHABET = [f"{a}{b}{c}" for a in "abcd" for b in "xyz" for c in "12345"]
COURSES = st.dictionaries(
    st.sampled_from([f"p{n}" for n in range(12)]),
    st.lists(st.sampled_from(ALPHABET), max_size=12).map(" ".join),
    min_size=1,
    max_size=8,
)


def index_of(course: dict[str, str]) -> Index:
    pages = [a_page(identity, words, words) for identity, words in sorted(course.items())]
    return Index.of("en", pages)


@settings(max_examples=300, deadline=None)
@given(old=COURSES, new=COURSES, step=st.sampled_from((1, 2, 5, 1024)), often=st.integers(1, 4))
def test_mended_equals_made_anew(
    old: dict[str, str], new: dict[str, str], step: int, often: int
) -> None:
    """Whatever pages come, go and change, and wherever the words are cut."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "step_for", lambda _: step)
        patch.setattr(shards, "_OFTEN", often)
        before, after = index_of(old), index_of(new)
        files, runs = before.whole()
        left = Left(before.prints, runs, before.pages.__getitem__, files.__getitem__)
        wanted, wanted_runs = after.whole()
        try:
            mended, mended_runs = after.mended(left)
        except StaleError:
            assert len(old).bit_length() != len(new).bit_length() or not runs
            return
        assert mended_runs == wanted_runs
        assert mended.keys() == wanted.keys()
        for name, data in mended.items():
            assert (files[name] if data is None else data) == wanted[name], name


def test_a_new_word_changes_three_files_of_a_large_course() -> None:
    """The directory is the same, one run of words and one file of texts are not."""
    course = {f"page {n}": " ".join(f"w{(n * k) % 5003}" for k in range(1, 40)) for n in range(900)}
    before = index_of(course)
    files, runs = before.whole()
    course["page 7"] += " newword"
    left = Left(before.prints, runs, before.pages.__getitem__, files.__getitem__)
    mended, _ = index_of(course).mended(left)
    assert len(files) > 100
    changed = [name for name, data in mended.items() if data not in (None, files.get(name))]
    assert 2 <= len(changed) <= 3


def test_a_search_is_made_in_small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who writes pages meanwhile never waits for more than a few pages of the search, and what a
    page says is read once."""
    course = {f"page {n}": f"w{n} the words" for n in range(900)}
    index, read = index_of(course), []

    def counted(document: Document) -> Said:
        read.append(document)
        return said_of(document)

    monkeypatch.setattr("learnpath.lookup.entries.said_of", counted)
    made = list(index.files())
    assert len(read) == 900
    turns = "".join("." if one is None else "x" for one in made).split(".")
    assert len(turns) >= 900 // 64 + 2
    assert max(map(len, turns)) <= 64
    assert (dict(one for one in made if one is not None), index.firsts) == index.whole()


def test_no_file_of_a_large_course_is_large() -> None:
    """A search among 3,000 pages loads a directory and runs of a few dozen KB at most."""
    course = {
        f"page {n}": " ".join(f"w{(n * k * k) % 9001} {'the' if k else ''}" for k in range(1, 120))
        for n in range(3000)
    }
    files, runs = index_of(course).whole()
    assert max(len(data) for data in files.values()) < 60_000
    assert len(files["assets/search/en/index.js"]) < 10_000
    assert read_data(files[f"assets/search/en/{run_name(runs[0])}.js"]).startswith(runs[0])


def test_what_is_no_run_is_made_anew(tmp_path: Path) -> None:
    """A file of the last build that was altered is never mended, and the site is right again."""
    files = {"course.yml": COURSE, "index.md": "# Start\n\nOne two.\n"}
    folder = write_course(tmp_path / "course", files)
    site = tmp_path / "site"
    build_site(folder, site)
    for path in (site / "assets" / "search" / "en").glob("w-*.js"):
        path.write_text("learnpath.arrived(1);\n", "utf-8")
    write_course(folder, {"index.md": "# Start\n\nOne three.\n"})
    build_site(folder, site)
    clean = build_site(folder, tmp_path / "clean", cached=False)
    assert files_in(site) == files_in(clean.output)
