"""`learnpath gather`."""

from __future__ import annotations

from pathlib import Path

import click

from learnpath.build import load_course
from learnpath.cli.console import Console, counted
from learnpath.cli.options import common, course_in, source_argument
from learnpath.filenames import GATHERED_FILE
from learnpath.packets import (
    MOST_BYTES,
    Packet,
    gathered_text,
    read_gathered,
    read_packet,
)
from learnpath.problems import Place, Problems, problem
from learnpath.rewrite import replace_file


@click.command()
@click.argument("packets", type=click.Path(exists=True, path_type=Path))
@source_argument
@common()
def gather(packets: Path, source: Path, console: Console) -> int:
    """Put what learners chose to share into the course in SOURCE.

    PACKETS is the folder of the files that they sent, or one of them. What is no longer there, or
    was withdrawn by a later file of the same learner, is taken out again.
    """
    root = course_in(source, console)
    course = load_course(root, drafts=True).config.id
    if not course:
        raise click.UsageError("packets belong to a course by its id: give course.yml one")
    problems = Problems()
    found = [p for file in _files(packets) if (p := _packet(file, course, problems)) is not None]
    path = root / GATHERED_FILE
    known = path.read_bytes() if path.is_file() else b""
    before = read_gathered(known, course, Problems()) if known else ()
    text = gathered_text(course, found).encode()
    now = read_gathered(text, course, problems)
    if text != known and (now or known):
        replace_file(path, text)
    console.problems(problems.settled({}), Path())
    fresh, gone = len(_answers(now) - _answers(before)), len(_answers(before) - _answers(now))
    people, entries = counted(len(now), "person", "people"), counted(len(_answers(now)), "answer")
    console.say(f"{GATHERED_FILE}: {entries} of {people}; {fresh} new, {gone} taken out")
    if console.as_json:
        told = [each.as_json() for each in problems.settled({})]
        counts = {"people": len(now), "answers": len(_answers(now)), "new": fresh, "gone": gone}
        console.document({"version": 1, "gathered": GATHERED_FILE, **counts, "problems": told})
    return 1 if problems.all() else 0


def _files(packets: Path) -> list[Path]:
    if packets.is_file():
        return [packets]
    return sorted(path for path in packets.rglob("*.json") if path.is_file())


def _packet(file: Path, course: str, problems: Problems) -> Packet | None:
    try:
        with file.open("rb") as opened:
            data = opened.read(MOST_BYTES + 1)
    except OSError as error:
        said = error.strerror or str(error)
        message = f"this file cannot be read: {said}"
        problems.extend([problem("invalid-packet", Place(str(file)), message, "see who may")])
        return None
    return read_packet(data, str(file), course, problems)


def _answers(packets: tuple[Packet, ...]) -> set[tuple[str, str, str]]:
    return {(p.sender, entry.key, entry.text) for p in packets for entry in p.entries}
