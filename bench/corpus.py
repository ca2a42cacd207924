#!/usr/bin/env python3
"""A course of any size to measure with: `python bench/corpus.py FOLDER --pages 1000 [--seed 1]`.

Pages of about 4 KB as authors write them: front matter, prose with emphasis, a table, code,
lists, footnotes and a picture here and there, some links, choices at the end, every tenth page a
checkpoint. Seeded: the same arguments write the same bytes.
"""

from __future__ import annotations

import argparse
import random
import struct
import zlib
from pathlib import Path

SMALL = "the a of to in and that it is as for on with by from this at but not they when".split()
NOUNS = (
    "orders stock delay trust team question answer model loop meeting page story week ward number "
    "plan doubt choice habit rule reason change picture system letter bridge river season map"
).split()
VERBS = "grows falls turns asks shows hides keeps moves tells builds breaks holds waits".split()
FOLDER_SIZE = 25


def sentence(rng: random.Random) -> str:
    words = []
    for _ in range(rng.randint(7, 18)):
        pool = rng.choices((SMALL, NOUNS, VERBS), (5, 4, 2))[0]
        words.append(rng.choice(pool))
    at = rng.randrange(len(words))
    words[at] = rng.choice((f"*{words[at]}*", f"**{words[at]}**", f"`{words[at]}`", words[at]))
    text = " ".join(words)
    return text[0].upper() + text[1:] + "."


def paragraph(rng: random.Random, sentences: int = 5) -> str:
    return " ".join(sentence(rng) for _ in range(sentences))


def source_of(number: int) -> str:
    return f"part-{number // FOLDER_SIZE:03}/page-{number:05}.md"


def link(origin: int, target: int) -> str:
    up = "../" if origin // FOLDER_SIZE != target // FOLDER_SIZE else ""
    path = source_of(target)
    return up + path if up else path.partition("/")[2]


def page(number: int, pages: int, seed: int) -> str:
    rng = random.Random(f"{seed}:{number}")
    drawn = {(number + 1) % pages, rng.randrange(pages), rng.randrange(pages)}
    others = sorted(drawn - {number})
    lines = [
        "---",
        f"title: {rng.choice(NOUNS).capitalize()} and {rng.choice(NOUNS)} {number}",
        f"summary: {sentence(rng).replace('*', '').replace('`', '')}",
        f"topics: [{rng.choice(NOUNS)}, {rng.choice(VERBS)}]",
        f"minutes: {rng.randint(3, 20)}",
        "---",
        "",
        paragraph(rng),
    ]
    for part in range(5):
        lines += ["", f"## {rng.choice(NOUNS).capitalize()} that {rng.choice(VERBS)}", ""]
        target = rng.choice(others)
        lines += [paragraph(rng, 7) + f" See [{rng.choice(NOUNS)}]({link(number, target)})."]
        lines += ["", *extra(rng, part)]
    if number % 10 == 0:
        lines += ["", f"::: reflect {{#asked-{number}}}", "", sentence(rng), "", ":::"]
    lines += ["", "::: choices Where to?", ""]
    lines += [f"- [{rng.choice(NOUNS)}]({link(number, other)})" for other in others]
    return "\n".join([*lines, "", ":::", ""])


def extra(rng: random.Random, part: int) -> list[str]:
    kind = rng.choice(("list", "quote", "table", "code", "note", "picture", "plain"))
    match kind:
        case "list":
            return [f"- {sentence(rng)}" for _ in range(4)]
        case "quote":
            return [f"> {paragraph(rng, 2)}"]
        case "table":
            rows = [f"| {rng.choice(NOUNS)} | {rng.randint(1, 99)} |" for _ in range(4)]
            return ["| what | how many |", "|---|---:|", *rows]
        case "code":
            name = rng.choice(NOUNS)
            body = [f"def {name}(week):", f"    return week * {rng.randint(2, 9)}  # {name}"]
            return ["```python", *body, "```"]
        case "note":
            return [f"{sentence(rng)}[^{part}]", "", f"[^{part}]: {sentence(rng)}"]
        case "picture":
            return [f"![{sentence(rng)}](../pictures/{rng.randrange(8)}.png)"]
        case _:
            return [paragraph(rng, 4)]


def picture(number: int) -> bytes:
    width, height = 320, 180
    shade = bytes((40 * number % 256, 90, 160))
    rows = b"".join(b"\0" + shade * width for _ in range(height))

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(rows)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def write_corpus(folder: Path, pages: int, seed: int = 1) -> int:
    """Write the course; the number of bytes of Markdown in it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pictures").mkdir(exist_ok=True)
    for number in range(8):
        (folder / "pictures" / f"{number}.png").write_bytes(picture(number))
    (folder / "course.yml").write_text(f"title: {pages} pages\nid: bench-{pages}\n", "utf-8")
    links = "\n".join(f"- [Part {n}]({source_of(n)})" for n in range(0, pages, FOLDER_SIZE))
    start = f"---\ntitle: Start\n---\n\n::: choices Where to?\n\n{links}\n\n:::\n"
    (folder / "index.md").write_text(start, "utf-8")
    total = 0
    for number in range(pages):
        path = folder / source_of(number)
        path.parent.mkdir(exist_ok=True)
        text = page(number, pages, seed)
        path.write_text(text, "utf-8")
        total += len(text)
    return total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    total = write_corpus(options.folder, options.pages, options.seed)
    print(f"{options.pages} pages, {total} bytes, {total // options.pages} a page")


if __name__ == "__main__":
    main()
