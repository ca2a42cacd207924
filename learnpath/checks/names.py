"""Names: ids are given once, and what is named exists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from learnpath.conditions.check import check_condition, check_effect
from learnpath.course import Course, checkpoint_homes, rivals
from learnpath.document import PlacedCondition
from learnpath.filenames import CONFIG_FILE
from learnpath.page import Page
from learnpath.paths import GENERATED_FOLDERS, GENERATED_PAGES
from learnpath.problems import Place, Problem, did_you_mean, problem


def unknown_front_matter_keys(course: Course) -> Iterator[Problem]:
    """For a plain folder: each key that learnpath does not read, once."""
    if not course.config.plain:
        return
    first: dict[str, tuple[Place, int]] = {}
    for page in sorted(course.all_pages, key=lambda page: page.source):
        for key, place in page.front.unknown:
            known, count = first.get(key, (place, 0))
            first[key] = (known, count + 1)
    for key, (place, count) in first.items():
        pages = "one page" if count == 1 else f"{count} pages"
        yield problem(
            "unknown-key",
            place,
            f"front matter has no key '{key}' (on {pages}; told once)",
            "nothing needs doing, if another tool reads it",
        )


def double_outputs(course: Course) -> Iterator[Problem]:
    """`duplicate-output`: two sources for one file, or a page in a generated file's place."""
    for page in course.shadowed:
        first = next(p for p in course.all_pages if rivals(p) & rivals(page))
        same_file = first.file.casefold() == page.file.casefold()
        both = f"become {first.file}" if same_file else f"have the id '{first.id}'"
        place = page.front.id_place if page.front.id and page.front.id_place else Place(page.source)
        yield problem(
            "duplicate-output",
            place,
            f"'{page.source}' and '{first.source}' would both {both}; this one is left out",
            "rename one of them, or give it an id: in its front matter",
        )
    if not course.config.plain:
        for page in course.all_pages:
            if _takes_generated_name(page, course):
                yield problem(
                    "duplicate-output",
                    Place(page.source),
                    f"'{page.source}' takes the place of a page that learnpath makes: {page.file}",
                    "rename it, or give it an id: in its front matter",
                )


_GENERATED = frozenset(f"{name}.html" for name in GENERATED_PAGES)


def _takes_generated_name(page: Page, course: Course) -> bool:
    name = page.file.casefold()
    if page.language != course.config.language:
        name = name.removeprefix(f"{page.language.casefold()}/")
    if name in _GENERATED:
        return True
    folder, slash, rest = name.partition("/")
    return bool(slash) and folder in GENERATED_FOLDERS and rest != "index.html"


def double_ids(course: Course) -> Iterator[Problem]:
    """`duplicate-id`: a checkpoint, a block or a former id that is given twice."""
    for pages in (course.pages, *course.translations.values()):
        yield from _doubles(pages)
    for page in course.pages:
        for alias, place in page.front.aliases:
            if alias in course.by_id and course.by_id[alias] is not page:
                yield problem(
                    "duplicate-id",
                    place,
                    f"'{alias}' is the id of a page: {course.by_id[alias].source}",
                    "a former id must be free; remove the alias, or rename the page",
                )


def _doubles(pages: Iterable[Page]) -> Iterator[Problem]:
    first: dict[str, Place] = {}
    for page in pages:
        own: list[tuple[str, Place]] = [
            (home.checkpoint.id, home.checkpoint.place) for home in checkpoint_homes(page)
        ]
        own += [(block.id, block.place) for block in page.document.facts.choices if block.id]
        for identity, place in own:
            known = first.setdefault(identity, place)
            if known != place and known.path != place.path:
                yield problem(
                    "duplicate-id",
                    place,
                    f"the id '{identity}' is used twice in this course; "
                    f"first in {known.path}:{known.line}",
                    f'give one another id; to ask again, use ::: revisit {{#… of="{identity}"}}',
                )
            elif known == place and known is not place:
                yield problem(
                    "duplicate-id",
                    place,
                    f"the checkpoint '{identity}' is included twice",
                    f'include it once, and use ::: revisit {{#… of="{identity}"}} elsewhere',
                )


def unknown_ids(course: Course) -> Iterator[Problem]:
    """`unknown-page` and `unknown-checkpoint` in front matter, routes, order and revisits."""
    for page in course.all_pages:
        named = [*page.front.builds_on]
        for _, placed in page.front.related:
            named += placed
        for identity, place in named:
            if course.find(identity) is None:
                yield _unknown_page(identity, place, course)
    yield from _unknown_in_config(course)
    for home in (h for page in course.all_pages for h in checkpoint_homes(page)):
        found = home.checkpoint
        if found.of and course.checkpoint(found.of) is None:
            yield _unknown_checkpoint(found.of, found.of_place or found.place, course)
    yield from _unknown_in_texts(course)


def _unknown_in_texts(course: Course) -> Iterator[Problem]:
    for page in course.all_pages:
        for inline in page.document.facts.inlines:
            if inline.kind == "answer" and course.checkpoint(inline.of) is None:
                yield _unknown_checkpoint(inline.of, inline.place, course)
            elif inline.kind == "state" and inline.of not in course.config.state:
                yield problem(
                    "unknown-variable",
                    inline.place,
                    f"there is no variable '{inline.of}'",
                    did_you_mean(inline.of, course.config.state, "declare it in course.yml"),
                )
        for block in page.document.facts.shared:
            for identity in block.of:
                if course.checkpoint(identity) is None:
                    yield _unknown_checkpoint(identity, block.place, course)


def _unknown_in_config(course: Course) -> Iterator[Problem]:
    config = course.config
    if config.start and course.find(config.start) is None:
        yield _unknown_page(config.start, config.start_place, course)
    for route in config.routes:
        for step in route.steps:
            if course.find(step.page) is None:
                yield _unknown_page(step.page, step.place, course)
    folders = {folder for page in course.pages for folder in _folders(page.id)}
    for name, place in config.order:
        if course.find(name.strip("/")) is None and name.strip("/") not in folders:
            yield _unknown_page(name, place, course)
    question = config.driving_question
    if question and course.checkpoint(question) is None:
        yield _unknown_checkpoint(question, config.driving_question_place, course)


def _folders(identity: str) -> Iterator[str]:
    parts = identity.split("/")
    return ("/".join(parts[:n]) for n in range(1, len(parts)))


def _unknown_page(identity: str, place: Place, course: Course) -> Problem:
    stem = identity.removesuffix(".md")
    if stem != identity and course.find(stem):
        hint = f"ids are written without .md: '{stem}'"
    elif (path := f"{stem}.md") in course.left_out:
        hint = f"'{path}' is not published: it is a {course.left_out[path]}'s page"
        if course.left_out[path] == "draft":
            hint = f"'{path}' is a draft"
    else:
        otherwise = "ids count from the course's root, without .md"
        hint = did_you_mean(identity, course.by_id, otherwise)
    return problem("unknown-page", place, f"there is no page '{identity}'", hint)


def _unknown_checkpoint(identity: str, place: Place, course: Course) -> Problem:
    otherwise = "the id is the {#…} of the checkpoint"
    return problem(
        "unknown-checkpoint",
        place,
        f"there is no checkpoint '{identity}'",
        did_you_mean(identity, course.checkpoints, otherwise),
    )


def course_id(course: Course) -> Iterator[Problem]:
    """`missing-checkpoint-id`: checkpoints need the course to have an id."""
    if course.config.id or course.config.unreadable or not course.checkpoints:
        return
    home = next(iter(course.checkpoints.values()))
    what = "this folder has no course.yml" if course.config.plain else "course.yml has no id"
    place = home.checkpoint.place if course.config.plain else Place(CONFIG_FILE)
    yield problem(
        "missing-checkpoint-id",
        place,
        f"{what}, and checkpoints keep learners' words under the course's id, for ever",
        "write id: a-name-of-its-own into course.yml, once, and never change it",
    )


def conditions(course: Course) -> Iterator[Problem]:
    """`unknown-page`, `unknown-checkpoint`, `unknown-variable`, `invalid-condition`."""
    for page in course.all_pages:
        if page.front.requires is not None:
            yield from check_condition(page.front.requires, course, gate=True)
        for condition in conditions_of(page):
            yield from check_condition(condition, course, gate=False)


def conditions_of(page: Page) -> Iterator[PlacedCondition]:
    """The conditions in a page's text."""
    for block in page.document.facts.choices:
        for option in block.options:
            if option.when is not None:
                yield option.when
    for when in page.document.facts.whens:
        if not when.negated:
            yield from when.conditions


def effects(course: Course) -> Iterator[Problem]:
    """`unknown-variable` and `invalid-condition` in a `set`."""
    for page in course.all_pages:
        for block in page.document.facts.choices:
            for option in block.options:
                for effect in option.effects:
                    yield from check_effect(effect, course)


def unused_variables(course: Course) -> Iterator[Problem]:
    """`unused-variable`: declared, and never asked about or shown."""
    used: dict[str, int] = defaultdict(int)
    for page in course.pages:
        placed = [*conditions_of(page), *([page.front.requires] if page.front.requires else [])]
        for condition in placed:
            for name in condition.condition.names if condition.condition else ():
                used[name.name] += name.kind == "var"
        for inline in page.document.facts.inlines:
            used[inline.of] += inline.kind == "state"
    for variable in course.config.state.values():
        if not used[variable.name] and variable.show == "none":
            yield problem(
                "unused-variable",
                variable.place,
                f"nothing asks about '{variable.name}' or shows it",
                "use it in a when=, show it with :state[…]{of=…}, or remove it",
            )


def missing_alternatives(course: Course) -> Iterator[Problem]:
    """`missing-alt`: a picture that says nothing to those who cannot see it."""
    for page in course.all_pages:
        for image in page.document.facts.images:
            if not image.alt.strip() and "decorative" not in image.classes:
                yield problem(
                    "missing-alt",
                    image.place,
                    "this picture has no text for those who cannot see it",
                    "write ![what it shows](…), or mark it: ![](…){.decorative}",
                )
