"""`external-link`: whether the pages of others that a course links to are still there.

Only on request, and politely: one question at a time to each host, with a pause between two, a
name to recognise us by, and no second question within a week about what was there. Nothing of
an answer but its status is looked at.
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from http.client import HTTPException
from pathlib import Path
from urllib.parse import quote, urldefrag, urlsplit

from msgspec import Struct

from learnpath.checks.links import written
from learnpath.course import Course
from learnpath.problems import Place, Problem, Severity
from learnpath.rewrite import replace_file
from learnpath.write import OutputError

MEMORY = ".learnpath/external-links.json"
"""In the course's folder, where neither the course nor a host sees it. May be deleted."""
_KEPT = timedelta(days=7)
_PAUSE, _PATIENCE, _HOSTS = 0.5, 10.0, 8
"""Seconds between two questions to a host, and for an answer; hosts that are asked at once."""
_BUSY = frozenset((408, 425, 429, 500, 502, 503, 504))
_PRIVATE = frozenset((401, 402, 403, 407, 451, 999))
_SAFE = "!#$%&'()*+,/:;=?@[]~"


class Reply(Struct, frozen=True):
    """How a host answered: its status, or why there was none (`status` is then 0)."""

    status: int
    trouble: str = ""


Ask = Callable[[str], Reply]


def external_links(course: Course) -> dict[str, list[Place]]:
    """Every web address that the course links to, without its anchor, and where it stands."""
    found: dict[str, list[Place]] = defaultdict(list)
    for page in course.all_pages:
        for _, href, place, _ in written(page):
            if urlsplit(href).scheme.lower() in ("http", "https"):
                found[urldefrag(href).url].append(place)
    return found


def check_external(
    course: Course,
    root: Path,
    *,
    today: date,
    level: Severity,
    ask: Ask | None = None,
    pause: float = _PAUSE,
) -> Iterator[Problem]:
    """A problem for each place that links to what is gone. `today` decides what is asked anew."""
    places = external_links(course)
    memory = _Memory(root, today)
    wanted = [url for url in places if not memory.knows(url)]
    replies = dict(_asked(wanted, ask or ask_host, pause))
    memory.learn(url for url, reply in replies.items() if _is_there(reply))
    if wanted and not any(reply.status for reply in replies.values()):
        yield _nobody_answered(replies, level)
        return
    for url, reply in replies.items():
        for place in places[url]:
            if (words := _words(url, reply)) is not None:
                message, hint, severity = words
                yield Problem("external-link", severity or level, place.path, place.line,
                              place.column, message, hint)  # fmt: skip


def _nobody_answered(replies: Mapping[str, Reply], level: Severity) -> Problem:
    url, reply = next(iter(replies.items()))
    return Problem(
        "external-link", level, None, None, None,
        f"no external link could be asked: {urlsplit(url).hostname}: {reply.trouble}",
        "is this computer on the network? Ask again when it is",
    )  # fmt: skip


def _is_there(reply: Reply) -> bool:
    return 200 <= reply.status < 400 or reply.status in _PRIVATE


def _words(url: str, reply: Reply) -> tuple[str, str, Severity | None] | None:
    """(message, hint, another severity than the rule's) for what is not known to be there."""
    host = urlsplit(url).hostname or url
    if _is_there(reply):
        return None
    if not reply.status:
        hint = "check the address; the host may be gone, or only slow today"
        return f"no answer from '{host}': {reply.trouble}", hint, None
    if reply.status in _BUSY:
        hint = "nothing to mend yet: ask again later"
        return f"'{host}' is busy ({reply.status}) and did not say", hint, Severity.INFO
    hint = "look for where the page went, or take the link out"
    return f"'{url}' is not there any more ({reply.status})", hint, None


def _asked(urls: Iterable[str], ask: Ask, pause: float) -> Iterator[tuple[str, Reply]]:
    """Each address with its host's reply; hosts beside each other, each asked in turn."""
    hosts: dict[str, list[str]] = defaultdict(list)
    for url in urls:
        hosts[(urlsplit(url).hostname or "").lower()].append(url)

    def in_turn(those: list[str]) -> list[tuple[str, Reply]]:
        replies = []
        for at, url in enumerate(those):
            if at:
                time.sleep(pause)
            replies.append((url, ask(url)))
        return replies

    with ThreadPoolExecutor(_HOSTS) as pool:
        for replies in pool.map(in_turn, hosts.values()):
            yield from replies


def ask_host(url: str) -> Reply:
    """Ask for a page's head; where a host will not say, for the page, of which nothing is read."""
    reply = _ask(url, "HEAD")
    return reply if _is_there(reply) or not reply.status else _ask(url, "GET")


def _ask(url: str, method: str) -> Reply:
    agent = {"User-Agent": "learnpath (looks whether links still lead somewhere)", "Accept": "*/*"}
    try:
        # Only http and https come here, and only to them does urllib follow a redirect from there.
        request = urllib.request.Request(quote(url, safe=_SAFE), headers=agent, method=method)  # noqa: S310
        with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:  # noqa: S310
            return Reply(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return Reply(error.code)
    except urllib.error.URLError as error:
        return Reply(0, str(getattr(error.reason, "strerror", None) or error.reason))
    except (OSError, HTTPException, ValueError) as error:
        return Reply(0, str(error) or type(error).__name__)


class _Memory:
    """What was there when it was last asked about, and on which day."""

    def __init__(self, root: Path, today: date) -> None:
        self._path = root / MEMORY
        self._today = today
        self._days = self._read()

    def _read(self) -> dict[str, str]:
        try:
            data = json.loads(self._path.read_text("utf-8"))
            days = {str(url): date.fromisoformat(day) for url, day in data["links"].items()}
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return {}
        fresh = (self._today - _KEPT, self._today)
        return {u: day.isoformat() for u, day in days.items() if fresh[0] < day <= fresh[1]}

    def knows(self, url: str) -> bool:
        return url in self._days

    def learn(self, urls: Iterable[str]) -> None:
        """Remember these. A folder that cannot be written costs a question, and nothing else."""
        self._days.update(dict.fromkeys(urls, self._today.isoformat()))
        data = {"version": 1, "links": dict(sorted(self._days.items()))}
        try:
            replace_file(self._path, json.dumps(data, indent=0).encode(), folder=True)
        except OutputError:
            return
