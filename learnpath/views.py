"""What the templates see: frozen, typed values, every URL already relative to the page shown.

A template never gets a course, a document or a problem; it gets one of these. A theme that
needs more asks for a field here.
"""

from __future__ import annotations

from markupsafe import Markup
from msgspec import Struct

from learnpath.page import Card


class LinkView(Struct, frozen=True):
    """A titled link. `url` is relative to the page that shows it."""

    title: str
    url: str


class LanguageView(Struct, frozen=True):
    code: str
    label: str
    url: str
    current: bool


class SiteView(Struct, frozen=True):
    """What every page shows of the course it belongs to."""

    title: str
    description: str
    language: str
    direction: str
    home: str
    guide: str
    """URL of the first page of the facilitator's guide; empty on every learner's page."""
    map: str
    search: str
    journal: str
    plan: str
    """URL of the learner's own plan; empty where nothing is kept."""
    trail: str
    privacy: str
    routes: str
    """URL of the page that lists the routes; empty where the course has none."""
    languages: tuple[LanguageView, ...]
    """The same page in other languages; empty where the course has one language."""
    authors: tuple[str, ...]
    licence: str
    driving_question: str
    """Id of the checkpoint whose answer stands at the head of every page, or empty."""
    plain: bool
    """A bare folder of Markdown: no branching, so previous and next carry the reader."""
    preview: bool


class HeadView(Struct, frozen=True):
    title: str
    description: str
    csp: str
    canonical: str
    alternates: tuple[LanguageView, ...]
    stylesheets: tuple[str, ...]
    print_stylesheets: tuple[str, ...]
    scripts: tuple[str, ...]
    icon: str
    island: Markup
    """The page's data for the scripts, as JSON that is safe inside a script element."""
    social: bool


class RelatedView(Struct, frozen=True):
    """One lens on a page: `relation` is case, contrasts, perspective, deepens or detour."""

    relation: str
    cards: tuple[Card, ...]


class GateView(Struct, frozen=True):
    condition: str
    """The condition as a JSON tree, for `data-requires`."""
    words: str
    """The condition in words."""
    because: str
    asks: tuple[LinkView, ...]
    """Where what is asked for can be done: the pages of checkpoints and visits it names."""


class PageView(Struct, frozen=True):
    id: str
    heading: Markup
    heading_id: str
    summary: str
    kind: str
    minutes: int
    audience: str
    """For whom, in the author's words."""
    skip_if: str
    topics: tuple[LinkView, ...]
    objectives: tuple[str, ...]
    builds_on: tuple[Card, ...]
    gate: GateView | None
    body: Markup
    related: tuple[RelatedView, ...]
    detour_of: tuple[LinkView, ...]
    """Pages that offer this one as a detour, each with the very place as its anchor."""
    ending: str
    """The ending's text, 'true' where it has none, empty where the page is no ending."""
    start: bool
    """Whether the course begins here."""
    previous: LinkView | None
    following: LinkView | None
    draft: bool
    note: Markup
    """The facilitator's note; empty on every learner's page."""
    question: LinkView | None
    """Where the driving question is asked, for a page that is a problem."""
    help: str
    """How hints and worked examples come: full, folded or away; empty where there are none."""


class OptionView(Struct, frozen=True):
    """One option of a `choices` block."""

    id: str
    label: Markup
    url: str
    """Empty for an option that stays on the page."""
    external: bool
    when: str
    """JSON tree of the condition, or empty."""
    when_words: str
    because: str
    effects: str
    """JSON list of effects, or empty."""
    effects_words: tuple[str, ...]
    consequence: Markup
    write: CheckpointView | None
    """The box for an option of the learner's own."""
    visited_id: str
    """Id of the page it leads to, or empty."""
    target: str
    """That page's title, where it may be named and the label says something else."""


class ChoicesView(Struct, frozen=True):
    id: str
    """Empty for a block that cannot be asked about."""
    key: str
    """What the learner's trail calls the block: its id, or its place on the page."""
    label: Markup
    intro: Markup
    options: tuple[OptionView, ...]
    outro: Markup


class CheckpointOptionView(Struct, frozen=True):
    id: str
    label: Markup


class RevealView(Struct, frozen=True):
    """What is shown after one's own attempt. `kind` is sample or reveal."""

    kind: str
    label: str
    body: Markup


class TurnView(Struct, frozen=True):
    """One turn of a conversation: who and when, in minutes from the beginning, or 0 and 0."""

    who: str
    start: int
    end: int
    body: Markup


class CheckpointView(Struct, frozen=True):
    id: str
    kind: str
    """reflect, predict, rate, rank, sort, goal, dialogue, revisit or write."""
    aliases: tuple[str, ...]
    prompt: Markup
    prompt_text: str
    why: str
    form: str
    """words, options, number, scale, order or groups: what the learner answers with."""
    options: tuple[CheckpointOptionView, ...]
    headings: tuple[CheckpointOptionView, ...]
    """What the options of a `sort` are put under."""
    turns: tuple[TurnView, ...]
    steps: int
    low: str
    high: str
    unit: str
    words_from: int
    words_to: int
    """Zero where the author set no length."""
    of: str
    """The id of the checkpoint that a `revisit` comes back to, or empty."""
    earlier_prompt: Markup
    earlier_url: str
    after: tuple[RevealView, ...]


class PlanView(Struct, frozen=True):
    """The learner's own plan: each part is asked, and kept, like a checkpoint."""

    question: CheckpointView
    vision: CheckpointView
    reality: CheckpointView
    goals: CheckpointView
    route: CheckpointView
    evidence: CheckpointView
    review: CheckpointView


class WhenView(Struct, frozen=True):
    """Content under a condition; `otherwise` content has the negated condition."""

    condition: str
    words: str
    body: Markup


class AsideView(Struct, frozen=True):
    """A box in the text. `kind` is details, hint, example, facilitator, or an alert's
    (note, tip, important, warning, caution)."""

    kind: str
    label: Markup
    id: str
    body: Markup
    open: bool = False
    """Unfolded, as the page has its hints and examples."""


class MediaView(Struct, frozen=True):
    """`kind` is video, audio or embed."""

    kind: str
    title: str
    src: str
    captions: str
    transcript: str
    host: str
    id: str


class CircleView(Struct, frozen=True):
    """A circle in a diagram, told in sentences: what it is called, its way round, what it does."""

    name: str
    title: str
    """What the author calls it, or empty."""
    reinforcing: bool
    way: str
    """Its variables, from the first round to the first again."""
    steps: tuple[str, ...]
    outcome: str


class LoopView(Struct, frozen=True):
    """A causal-loop diagram, drawn and in words."""

    id: str
    label: Markup
    drawing: Markup
    """An inline SVG, or empty where there are too many variables."""
    links: tuple[str, ...]
    circles: tuple[CircleView, ...]
    rest: str
    """What is said of the circles that are not told, or where there is none; or empty."""
    checkpoint: CheckpointView | None
    """Where the learner's own links are kept."""
    diagram: str
    """The author's links, and the words to tell of links in, as JSON for the scripts."""


class SharingView(Struct, frozen=True):
    """Where learners choose what to give away."""

    id: str
    label: Markup
    of: tuple[str, ...]
    """The checkpoints that are offered; empty for everything that was written."""
    consent: str
    """The words to agree to; empty for the theme's own."""
    body: Markup


class GivenView(Struct, frozen=True):
    """What somebody shared, as text alone. `prompt` and `consent` are empty where they are the
    same for all that is shown."""

    lines: tuple[str, ...]
    prompt: str
    name: str
    consent: str


class GatheringView(Struct, frozen=True):
    given: tuple[GivenView, ...]
    consent: str
    """The words that all of them agreed to; empty where they differ."""


class LineView(Struct, frozen=True):
    """A line of a chart: the letter at its end, what it is, and how it is drawn."""

    letter: str
    name: str
    style: int


class ChartView(Struct, frozen=True):
    drawing: Markup
    unit: str
    lines: tuple[LineView, ...]


class RunView(Struct, frozen=True):
    """What one part of a run shows: its charts, and the same as a table."""

    charts: tuple[ChartView, ...]
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class InputView(Struct, frozen=True):
    name: str
    value: str
    low: str
    high: str
    unit: str
    decision: bool


class ModelView(Struct, frozen=True):
    """A small model, run once as the author set it."""

    id: str
    label: Markup
    checkpoint: CheckpointView | None
    """Where what is played is kept; None where there is nothing to decide."""
    program: str
    start: str
    end: str
    unit: str
    inputs: tuple[InputView, ...]
    shown: RunView
    after: RunView | None
    """What is shown only once the run is over."""
    source: str


class StepView(Struct, frozen=True):
    card: Card
    minutes: int
    do: str


class RouteView(Struct, frozen=True):
    id: str
    title: str
    url: str
    audience: str
    minutes: int
    steps: tuple[StepView, ...]


class TopicView(Struct, frozen=True):
    id: str
    title: str
    url: str
    cards: tuple[Card, ...]


class TopicLinkView(Struct, frozen=True):
    """A link to a topic's page, and how many pages it has."""

    title: str
    url: str
    pages: int


class EdgeView(Struct, frozen=True):
    type: str
    name: str
    """What ways of its type are called."""
    label: str
    to: Card
    words: str
    """The condition in words, or empty."""


class MapEntryView(Struct, frozen=True):
    card: Card
    edges: tuple[EdgeView, ...]


class MapGroupView(Struct, frozen=True):
    """Pages that lie in one folder. The first group, with an empty title, is the root."""

    title: str
    entries: tuple[MapEntryView, ...]


class LeafView(Struct, frozen=True):
    """A page on another sheet of the map, and its place there."""

    id: str
    title: str
    url: str
    listed: str


class MapPartView(Struct, frozen=True):
    """A sheet of a map that is too large for one."""

    title: str
    url: str
    pages: int
    leaves: tuple[LeafView, ...]
    """Its pages; empty where a list of all would be too long."""


class MapView(Struct, frozen=True):
    title: str
    """Of the sheet that is shown; empty for the map as a whole."""
    whole: str
    """URL of the map as a whole, from a sheet of it."""
    parts: tuple[MapPartView, ...]
    """The sheets, where the pages are too many for one; the groups are then empty."""
    groups: tuple[MapGroupView, ...]
    drawing: Markup
    """An inline SVG, or empty where there is nothing to draw."""
    topics: tuple[TopicLinkView, ...]
    routes: tuple[RouteView, ...]
    endings: tuple[Card, ...]


class DecidingView(Struct, frozen=True):
    """What a learner decides on a route, or with an empty title on no route at all."""

    title: str
    free: int
    """Of a hundred of the course's pages, those that the learner's own choices reach or skip."""
    fixed: tuple[LinkView, ...]
    """Pages that nobody on this path can go around."""
    gates: int
    """How many of them have a gate."""


class PrivacyView(Struct, frozen=True):
    purpose: str
    commissioned_by: str
    checkpoints: int
    gates: int
    pages: int
    deciding: tuple[DecidingView, ...]
    """The whole course first, then its routes; empty where there is nothing to walk."""


class GuideStepView(Struct, frozen=True):
    """One step of a route: from which minute, for how long, and what to do."""

    step: StepView
    start: int
    minutes: int
    note: Markup


class GuideRouteView(Struct, frozen=True):
    route: RouteView
    minutes: int
    steps: tuple[GuideStepView, ...]


class GuideOptionView(Struct, frozen=True):
    """One way on, what it is for, and the page it leads to, if it leads to one."""

    option: OptionView
    notes: tuple[AsideView, ...]
    leads: Card | None


class GuideBranchView(Struct, frozen=True):
    """A place where the paths part, and what the author says to facilitators there."""

    label: Markup
    notes: tuple[AsideView, ...]
    options: tuple[GuideOptionView, ...]


class GuidePageView(Struct, frozen=True):
    """What a facilitator needs to know of one page before the others open it."""

    card: Card
    note: Markup
    asides: tuple[AsideView, ...]
    """What is said on the page, outside its branches."""
    prompts: tuple[CheckpointView, ...]
    branches: tuple[GuideBranchView, ...]


class GuideView(Struct, frozen=True):
    """The front of the facilitator's guide."""

    purpose: str
    own: tuple[Card, ...]
    """The pages that only facilitators see."""
    routes: tuple[GuideRouteView, ...]
    pages: tuple[GuidePageView, ...]
