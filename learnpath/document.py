"""What one file says: placed facts, and HTML with holes.

A `Fragment` is HTML text with nodes in it. A node stands where the whole course is needed to
say what the HTML is (a link's address, a condition in words) or where the theme decides (a
choice, a checkpoint). Tokens never leave the parser; documents cross between processes.
"""

from __future__ import annotations

from dataclasses import dataclass

from learnpath.causal.syntax import CausalLink
from learnpath.conditions.syntax import Condition
from learnpath.problems import Place, Problem
from learnpath.story import Effect
from learnpath.values import Tagged, Value

RELATIONS = ("case", "contrasts", "perspective", "deepens", "detour")


class PlacedCondition(Value, frozen=True):
    """A condition and where it is written. `condition` is None where it cannot be read."""

    text: str
    place: Place
    condition: Condition | None


class Link(Tagged, frozen=True):
    """The opening of a link. Its text follows in the fragment, then `</a>`."""

    href: str
    place: Place
    text: str
    relation: str = "link"
    title: str = ""
    id: str = ""
    classes: tuple[str, ...] = ()
    source: str = ""
    """The file the link is written in, where that is an include."""
    is_bare: bool = False
    """Whether nothing stands in it: it shows the name of what it leads to."""


class WikiLink(Tagged, frozen=True):
    """`[[page]]`: a link by id or file name, with the page's title where no text is given."""

    target: str
    text: str
    place: Place
    source: str = ""


class Image(Tagged, frozen=True):
    src: str
    alt: str
    title: str
    place: Place
    figure: bool
    id: str = ""
    classes: tuple[str, ...] = ()
    caption: Fragment = ()
    source: str = ""


class Resource(Tagged, frozen=True):
    """An address inside raw HTML: `<img src="…">`. Only the address is the hole."""

    href: str
    place: Place
    linked: bool
    """Whether it may be a page (an `href`), not only a file (a `src`)."""
    source: str = ""


class Option(Value, frozen=True):
    """One item of `choices`. An empty `href` stays on the page."""

    id: str
    label: Fragment
    text: str
    href: str
    place: Place
    when: PlacedCondition | None
    because: str
    effects: tuple[Effect, ...]
    write: str
    consequence: Fragment
    source: str = ""


class Choices(Tagged, frozen=True):
    id: str
    label: Fragment
    text: str
    intro: Fragment
    options: tuple[Option, ...]
    outro: Fragment
    place: Place


class CheckpointOption(Value, frozen=True):
    id: str
    label: Fragment
    text: str


class Turn(Value, frozen=True):
    """One turn of a conversation. `head` says who and when; minutes are 0 where it does not."""

    head: str
    start: int
    end: int
    body: Fragment


class After(Value, frozen=True):
    """A sample or a reveal: shown after one's own attempt."""

    kind: str
    label: str
    body: Fragment


class Checkpoint(Tagged, frozen=True):
    id: str
    kind: str
    prompt: Fragment
    prompt_text: str
    why: str
    form: str
    place: Place
    aliases: tuple[str, ...] = ()
    options: tuple[CheckpointOption, ...] = ()
    steps: int = 0
    low: str = ""
    high: str = ""
    unit: str = ""
    words: tuple[int, int] = (0, 0)
    of: str = ""
    of_place: Place | None = None
    after: tuple[After, ...] = ()
    headings: tuple[CheckpointOption, ...] = ()
    """What the options of a `sort` are put under."""
    turns: tuple[Turn, ...] = ()
    sheet: str = ""
    """The id of the worksheet that this is a part of."""


class When(Tagged, frozen=True):
    """Content under a condition. `otherwise` blocks carry the conditions that came before."""

    conditions: tuple[PlacedCondition, ...]
    negated: bool
    words: str
    body: Fragment
    place: Place


class Aside(Tagged, frozen=True):
    kind: str
    label: Fragment
    id: str
    body: Fragment


class Media(Tagged, frozen=True):
    kind: str
    title: str
    src: str
    captions: str
    transcript: str
    id: str
    place: Place
    source: str = ""


class Widget(Tagged, frozen=True):
    """`::map`, `::journal`, `::routes`."""

    kind: str
    place: Place


class Loop(Tagged, frozen=True):
    """A causal-loop diagram: a fenced `loop` block."""

    id: str
    label: Fragment
    text: str
    """The label without its markup."""
    links: tuple[CausalLink, ...]
    names: tuple[tuple[str, str], ...]
    """Circles, R1 or B2, with what the author calls them."""
    place: Place
    checkpoint: Checkpoint | None = None
    """Where a learner's own links are kept; None where the diagram has no id."""


class Sharing(Tagged, frozen=True):
    """`::: share`: where learners choose what of their words to give away, as a file."""

    id: str
    label: Fragment
    of: tuple[str, ...]
    """The checkpoints that are offered; all that was written, where none is named."""
    consent: str
    body: Fragment
    """The author's words on where to send the file."""
    place: Place
    kind: str = "share"


class Gathering(Tagged, frozen=True):
    """`::gather`: what learners shared of some checkpoints."""

    of: tuple[str, ...]
    place: Place


class Model(Tagged, frozen=True):
    """A small model of stocks and flows: a fenced `model` block."""

    id: str
    label: Fragment
    text: str
    """The label without its markup."""
    program: str
    """What both simulators read, as JSON."""
    names: tuple[str, ...]
    """What it declares, in the author's order."""
    columns: tuple[str, ...]
    """Time, and what is shown: the columns of `rows`."""
    rows: tuple[tuple[float, ...], ...]
    """One run as the author set it, moment by moment."""
    source: str
    place: Place
    checkpoint: Checkpoint | None = None
    """Where what a learner plays is kept; None where there is nothing to decide."""


class Inline(Tagged, frozen=True):
    """`:state[…]{of=}` and `:answer[…]{of=}`."""

    kind: str
    of: str
    fallback: Fragment
    place: Place


Node = (
    Link
    | WikiLink
    | Image
    | Resource
    | Choices
    | Checkpoint
    | When
    | Aside
    | Media
    | Loop
    | Model
    | Widget
    | Sharing
    | Gathering
    | Inline
)
Fragment = tuple[str | Node, ...]


class Heading(Value, frozen=True):
    level: int
    id: str
    text: str
    place: Place


class Facts(Value, frozen=True):
    """Everything in a document that the course asks about, in order of writing."""

    headings: tuple[Heading, ...] = ()
    anchors: tuple[tuple[str, Place], ...] = ()
    """Every id that the page defines, headings and blocks alike."""
    links: tuple[Link, ...] = ()
    wikilinks: tuple[WikiLink, ...] = ()
    images: tuple[Image, ...] = ()
    resources: tuple[Resource, ...] = ()
    choices: tuple[Choices, ...] = ()
    checkpoints: tuple[Checkpoint, ...] = ()
    whens: tuple[When, ...] = ()
    inlines: tuple[Inline, ...] = ()
    media: tuple[Media, ...] = ()
    widgets: tuple[Widget, ...] = ()
    shared: tuple[Sharing | Gathering, ...] = ()
    helps: int = 0
    """How many hints and worked examples there are."""
    blocks: tuple[str, ...] = ()
    """Of what has styles of its own, which there is: `causal`, `model`, `share`, `worksheet`."""


class Said(Value, frozen=True):
    """What a page says, for the search: its text, and its words between spaces, each once."""

    text: str
    heads: str
    """The words of its headings."""
    often: str
    """Those that it says several times."""
    rest: str


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """One parsed file. No `Struct`: what is remembered of one is read when it is asked for."""

    path: str
    heading: Fragment
    """The opening `# Heading`, or empty."""
    heading_text: str
    heading_id: str
    body: Fragment
    facts: Facts
    words: int
    """What a learner reads, whitespace-separated; code and facilitator's text excluded."""
    problems: tuple[Problem, ...] = ()
    includes: tuple[str, ...] = ()
    """Files outside the document that its HTML was made from, relative to the course."""
    said: Said | None = None
    """What it says, where that was worked out already."""

    @property
    def asks(self) -> bool:
        """Whether there is a checkpoint in it, or a box for an option of the learner's own."""
        options = (option for block in self.facts.choices for option in block.options)
        return bool(self.facts.checkpoints) or any(option.write for option in options)

    @property
    def turns_off(self) -> bool:
        """Whether a link in it leads to a detour."""
        return any(link.relation == "detour" for link in self.facts.links)

    @property
    def links_by_title(self) -> bool:
        """Whether a link in it may find its page by that page's title."""
        facts = self.facts
        hrefs = [link.href for link in facts.links] + [one.href for one in facts.resources]
        hrefs += [option.href for block in facts.choices for option in block.options]
        return bool(facts.wikilinks) or any(href.startswith("[[") for href in hrefs)
