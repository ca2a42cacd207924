"""The learner's own plan: what its page asks, besides the questions of the course."""

from __future__ import annotations

from markupsafe import Markup, escape

from learnpath import views
from learnpath.course import Course
from learnpath.document import Checkpoint
from learnpath.strings import Strings

QUESTION = "plan:question"
"""Asks for the driving question where no checkpoint of the course does."""
_WORDS = ("plan:vision", "plan:reality", "plan:goals", "plan:evidence", "plan:review")
ROUTE = "plan:route"
PARTS = (*_WORDS, ROUTE)
"""Ids of what the plan asks in every course. No author's id has a colon."""


def driving_question(course: Course) -> str:
    """The id that the driving question is kept under; empty where nothing is kept."""
    home = course.checkpoint(course.config.driving_question)
    if home is not None:
        return home.checkpoint.id
    return "" if course.config.plain else QUESTION


def plan_view(course: Course, language: str, strings: Strings) -> views.PlanView:
    asked = {identity: _asked(identity, strings) for identity in _WORDS}
    return views.PlanView(
        question=_question(course, language, strings),
        vision=asked["plan:vision"],
        reality=asked["plan:reality"],
        goals=asked["plan:goals"],
        route=_route(course, strings),
        evidence=asked["plan:evidence"],
        review=asked["plan:review"],
    )


def _question(course: Course, language: str, strings: Strings) -> views.CheckpointView:
    """The course's own driving question, asked again, or one that stands for it."""
    home = course.checkpoint(course.config.driving_question)
    if home is None:
        return _asked(QUESTION, strings)
    page = course.in_language(home.page, language)
    there = (c for c in page.document.facts.checkpoints if c.id == home.checkpoint.id)
    found: Checkpoint = next(there, home.checkpoint)
    return _view(found.id, found.kind, found.prompt_text, found.why)


def _asked(identity: str, strings: Strings) -> views.CheckpointView:
    name = identity.replace(":", ".")
    return _view(identity, "plan", strings.text(name), strings.text(f"{name}.why"))


def _route(course: Course, strings: Strings) -> views.CheckpointView:
    """Which way through the course: one of the author's, one's own, or as it comes."""
    authors = [(f"route:{route.id}", route.title) for route in course.config.routes]
    ways = [
        *authors,
        ("own", strings.text("plan.route.own")),
        ("map", strings.text("plan.route.map")),
    ]
    options = tuple(views.CheckpointOptionView(way, escape(title)) for way, title in ways)
    text = strings.text("plan.route")
    return _view(ROUTE, "plan", text, strings.text("plan.route.why"), options)


def _view(
    identity: str,
    kind: str,
    prompt: str,
    why: str,
    options: tuple[views.CheckpointOptionView, ...] = (),
) -> views.CheckpointView:
    return views.CheckpointView(
        id=identity,
        kind=kind,
        aliases=(),
        prompt=Markup("<p>{}</p>").format(prompt),
        prompt_text=prompt,
        why=why,
        form="options" if options else "words",
        options=options,
        headings=(),
        turns=(),
        steps=0,
        low="",
        high="",
        unit="",
        words_from=0,
        words_to=0,
        of="",
        earlier_prompt=Markup(),
        earlier_url="",
        after=(),
    )
