"""`course.yml` → `Config`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct, field

from learnpath.fields import Fields
from learnpath.filenames import CONFIG_FILE
from learnpath.paths import is_site_url
from learnpath.problems import RULES, Place, Problems, did_you_mean
from learnpath.story import Flag, Number, OneOf, Variable
from learnpath.yamlnodes import Mapping, Node, read_yaml

_IDENTIFIER = re.compile(r"[^\W\d]\w*")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_LEVELS = ("error", "warning", "off")
_SHOWN = ("meter", "words", "none")
_RESERVED = ("and", "or", "not", "route", "count", "visited", "answered", "answer", "revisited",
             "chose", "true", "false")  # fmt: skip


class Step(Struct, frozen=True):
    page: str
    minutes: int
    do: str
    place: Place


class Route(Struct, frozen=True):
    id: str
    title: str
    audience: str
    steps: tuple[Step, ...]
    place: Place


class Config(Struct, frozen=True):
    """What a course says of itself. Without a `course.yml` it is `plain`."""

    plain: bool = True
    unreadable: bool = False
    """The YAML is broken, so that nothing is known of what it says."""
    title: str = ""
    id: str = ""
    language: str = "en"
    languages: tuple[str, ...] = ()
    """The further languages, in the order given; the course's own is not among them."""
    description: str = ""
    start: str = ""
    start_place: Place = field(default_factory=lambda: Place(CONFIG_FILE))
    order: tuple[tuple[str, Place], ...] = ()
    authors: tuple[str, ...] = ()
    licence: str = ""
    purpose: str = ""
    commissioned_by: str = ""
    driving_question: str = ""
    driving_question_place: Place = field(default_factory=lambda: Place(CONFIG_FILE))
    url: str = ""
    theme: str = "default"
    theme_place: Place = field(default_factory=lambda: Place(CONFIG_FILE))
    topics: dict[str, str] = field(default_factory=dict)
    routes: tuple[Route, ...] = ()
    state: dict[str, Variable] = field(default_factory=dict)
    rules: dict[str, str] = field(default_factory=dict)
    exclude: tuple[str, ...] = ()
    html: str = "true"
    embeds: tuple[str, ...] = ()


def read_config(text: str | None, problems: Problems) -> Config:
    """The course's configuration; None where there is no `course.yml`."""
    if text is None:
        return Config()
    root = read_yaml(text, CONFIG_FILE, problems)
    if root is None:
        return Config(plain=False, unreadable=bool(text.strip()))
    if not isinstance(root.value, Mapping):
        problems.add(
            "invalid-yaml",
            root.place,
            f"course.yml wants `key: value` lines, and this is {root.kind}",
            "begin with title: and id:",
        )
        return Config(plain=False)
    return _config(Fields(root.value, root.place, problems), problems)


def _config(fields: Fields, problems: Problems) -> Config:
    theme = fields.node("theme")
    language = _language(fields, problems)
    config = Config(
        plain=False,
        title=fields.text("title"),
        id=_course_id(fields, problems),
        language=language,
        languages=tuple(c for c in _languages(fields, problems) if c != language),
        description=fields.text("description"),
        start=fields.text("start"),
        start_place=fields.place("start"),
        order=fields.placed_texts("order"),
        authors=fields.texts("authors"),
        licence=fields.text("licence"),
        purpose=fields.text("purpose"),
        commissioned_by=fields.text("commissioned_by"),
        driving_question=fields.text("driving_question"),
        driving_question_place=fields.place("driving_question"),
        url=_site_url(fields, problems),
        theme=_theme(fields, theme),
        theme_place=fields.place("theme"),
        topics=_topics(fields),
        routes=_routes(fields, problems),
        state=_state(fields, problems),
        rules=_rules(fields, problems),
        exclude=fields.texts("exclude"),
        html=_html(fields),
        embeds=fields.texts("embeds"),
    )
    fields.node("completion")  # read by the packagers for learning systems
    fields.report_unknown("course.yml")
    return config


def _course_id(fields: Fields, problems: Problems) -> str:
    identity = fields.text("id").strip()
    if any(c.isspace() or c in '/\\"<>' for c in identity):
        problems.add(
            "invalid-value",
            fields.place("id"),
            f"'{identity}' is no id for a course",
            "use letters, digits and hyphens; it keys learners' words, for ever",
        )
        return "-".join(re.split(r'[\s/\\"<>]+', identity)).strip("-")
    return identity


def _language(fields: Fields, problems: Problems) -> str:
    code = fields.text("language", "en")
    return code if _is_language(code, fields.place("language"), problems) else "en"


def _languages(fields: Fields, problems: Problems) -> Iterable[str]:
    for code, place in fields.placed_texts("languages"):
        if _is_language(code, place, problems):
            yield code


def _is_language(code: str, place: Place, problems: Problems) -> bool:
    if _LANGUAGE.fullmatch(code):
        return True
    problems.add(
        "invalid-value", place, f"'{code}' is no language", "write a code such as en, fr or pt-BR"
    )
    return False


def _site_url(fields: Fields, problems: Problems) -> str:
    url = fields.text("url")
    if url and not is_site_url(url):
        problems.add(
            "invalid-value",
            fields.place("url"),
            f"'{url}' is no address of a site",
            "write url: https://example.org/course/",
        )
        return ""
    return url if not url or url.endswith("/") else url + "/"


def _theme(fields: Fields, node: Node | None) -> str:
    if node is None or not isinstance(node.value, Mapping):
        return fields.text("theme", "default")
    inner = fields.mapping("theme")
    return inner.text("name", "default") if inner else "default"


def _html(fields: Fields) -> str:
    node = fields.node("html")
    if node is not None and isinstance(node.value, bool):
        return str(node.value).lower()
    return fields.word("html", ("true", "sanitised", "false"), "true")


def _topics(fields: Fields) -> dict[str, str]:
    inner = fields.mapping("topics")
    return {key: inner.text(key, key) for key in inner.keys()} if inner else {}  # noqa: SIM118


def _rules(fields: Fields, problems: Problems) -> dict[str, str]:
    inner = fields.mapping("rules")
    found: dict[str, str] = {}
    for rule in inner.keys() if inner else ():
        assert inner is not None
        node = inner.node(rule)
        if rule not in RULES:
            problems.add(
                "unknown-key",
                inner.key_place(rule),
                f"there is no rule '{rule}'",
                did_you_mean(rule, RULES, "`learnpath check` prints the rule of each problem"),
            )
        elif node is not None and node.value is False:
            found[rule] = "off"  # `off` is a YAML word of its own for some editors
        elif level := inner.word(rule, _LEVELS):
            found[rule] = level
    return found


def _routes(fields: Fields, problems: Problems) -> tuple[Route, ...]:
    routes: dict[str, Route] = {}
    for item in fields.items("routes"):
        if not isinstance(item.value, Mapping):
            fields.wrong("routes", item, "routes with id, title and steps", "begin with `- id:`")
            continue
        route = _route(Fields(item.value, item.place, problems), item.place, problems)
        if route.id in routes:
            problems.add(
                "duplicate-id",
                route.place,
                f"there are two routes with the id '{route.id}'",
                "give one of them another id",
            )
            continue
        routes[route.id] = route
    return tuple(routes.values())


def _route(fields: Fields, place: Place, problems: Problems) -> Route:
    identity = fields.text("id")
    if not identity or not re.fullmatch(r"[\w.~-]+", identity):
        problems.add(
            "invalid-value",
            fields.place("id"),
            "a route needs an id of letters, digits and hyphens",
            "write id: one-hour",
        )
        identity = re.sub(r"[^\w.~-]+", "-", identity) or f"route-{place.line}"
    steps = tuple(_step(fields, node, problems) for node in fields.items("steps"))
    if not steps:
        problems.add(
            "invalid-value",
            fields.place("steps"),
            f"the route '{identity}' has no steps",
            "write steps: [index, …], the ids of its pages in order",
        )
    route = Route(
        identity,
        fields.text("title", identity),
        fields.text("for"),
        tuple(step for step in steps if step.page),
        place,
    )
    fields.report_unknown("a route")
    return route


def _step(fields: Fields, node: Node, problems: Problems) -> Step:
    if isinstance(node.value, str):
        return Step(node.value, 0, "", node.place)
    if not isinstance(node.value, Mapping):
        fields.wrong("steps", node, "page ids", "write steps: [index, beer-game]")
        return Step("", 0, "", node.place)
    inner = Fields(node.value, node.place, problems)
    step = Step(
        inner.text("page"), inner.integer("minutes", 0, low=1), inner.text("do"), node.place
    )
    inner.report_unknown("a step")
    return step


def _state(fields: Fields, problems: Problems) -> dict[str, Variable]:
    inner = fields.mapping("state")
    found: dict[str, Variable] = {}
    for name in inner.keys() if inner else ():
        assert inner is not None
        if not _IDENTIFIER.fullmatch(name) or name in _RESERVED:
            problems.add(
                "invalid-value",
                inner.key_place(name),
                f"'{name}' is no name for a variable",
                "use a word of letters, digits and _, that the conditions do not use themselves",
            )
            continue
        variable = _variable(inner, name, problems)
        if variable is not None:
            found[name] = variable
    return found


def _variable(fields: Fields, name: str, problems: Problems) -> Variable | None:
    node = fields.node(name)
    place = fields.key_place(name)
    if node is not None and isinstance(node.value, bool):
        return Flag(name, place, node.value)
    if node is None or not isinstance(node.value, Mapping):
        problems.add(
            "invalid-value",
            fields.place(name),
            f"'{name}' is declared in a way that says nothing of its values",
            "write false for a flag, {from: 0, to: 3, start: 0} for a number, "
            "or {one_of: {id: label}, start: id}",
        )
        return None
    inner = Fields(node.value, node.place, problems)
    label, show = inner.text("label"), inner.word("show", _SHOWN, "none")
    variable: Variable
    if "one_of" in inner:
        variable = _one_of(inner, name, place, label, show, problems)
    elif "from" in inner or "to" in inner:
        variable = _number(inner, name, place, label, show, problems)
    else:
        variable = Flag(name, place, inner.boolean("start", False), label, show)
    inner.report_unknown(f"the variable '{name}'")
    return variable


def _number(
    fields: Fields, name: str, place: Place, label: str, show: str, problems: Problems
) -> Number:
    low, high = fields.integer("from", 0), fields.integer("to", 10)
    if high < low:
        problems.add(
            "invalid-value",
            fields.place("to"),
            f"'{name}' ends ({high}) before it begins ({low})",
            f"write from: {high}, to: {low}",
        )
        low, high = high, low
    start = fields.integer("start", min(max(0, low), high))
    if not low <= start <= high:
        problems.add(
            "invalid-value",
            fields.place("start"),
            f"'{name}' starts at {start}, outside {low} to {high}",
            f"write start: {min(max(start, low), high)}",
        )
        start = min(max(start, low), high)
    return Number(name, place, low, high, start, label, show)


def _one_of(
    fields: Fields, name: str, place: Place, label: str, show: str, problems: Problems
) -> OneOf:
    node = fields.node("one_of")
    if node is not None and isinstance(node.value, tuple):
        options = {text: text for text in fields.texts("one_of")}
    else:
        inner = fields.mapping("one_of")
        options = {key: inner.text(key, key) for key in inner.keys()} if inner else {}  # noqa: SIM118
    start = fields.text("start", next(iter(options), ""))
    if start not in options:
        problems.add(
            "invalid-value",
            fields.place("start"),
            f"'{start}' is none of the values of '{name}'",
            did_you_mean(start, options, "there are " + ", ".join(options)),
        )
        start = next(iter(options), "")
    return OneOf(name, place, options, start, label, show)
