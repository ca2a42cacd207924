"""Placed YAML → typed values. A wrong type is a problem at its place, and the default stands."""

from __future__ import annotations

from collections.abc import Iterable

from learnpath.problems import Place, Problems, nearest
from learnpath.yamlnodes import Mapping, Node

_WORDS_FOR_TRUE = frozenset(("yes", "Yes", "YES", "on", "On"))
_WORDS_FOR_FALSE = frozenset(("no", "No", "NO", "off", "Off"))


class Fields:
    """Reads the keys of one mapping, each once; what is left over is unknown."""

    def __init__(self, mapping: Mapping, place: Place, problems: Problems) -> None:
        self._mapping = mapping
        self._place = place
        self._problems = problems
        self._asked: set[str] = set()

    def __contains__(self, key: str) -> bool:
        return key in self._mapping.entries

    def node(self, key: str) -> Node | None:
        """The raw node, or None where the key is absent or says nothing."""
        self._asked.add(key)
        node = self._mapping.entries.get(key)
        return None if node is None or node.value is None else node

    def place(self, key: str) -> Place:
        """Where the value stands; where there is none, the whole mapping."""
        node = self._mapping.entries.get(key)
        return node.place if node else self._place

    def key_place(self, key: str) -> Place:
        return self._mapping.places.get(key, self._place)

    def text(self, key: str, default: str = "") -> str:
        """A text; a number or a true/false is taken as it was written."""
        node = self.node(key)
        return default if node is None else self._text(key, node, default)

    def _text(self, key: str, node: Node, default: str) -> str:
        if isinstance(node.value, (str, int, float)):
            return node.text if isinstance(node.value, (bool, int, float)) else node.value
        self.wrong(key, node, "a text", f"write {key}: a few words")
        return default

    def word(self, key: str, known: Iterable[str], default: str = "") -> str:
        """One of the known words."""
        node = self.node(key)
        if node is None:
            return default
        words = tuple(known)
        text = self._text(key, node, default)
        if text in words:
            return text
        guess = nearest(text, words)
        self._problems.add(
            "invalid-value",
            node.place,
            f"'{key}' cannot be '{text}'",
            f"did you mean '{guess}'?" if guess else "there are " + ", ".join(words),
        )
        return default

    def boolean(self, key: str, default: bool) -> bool:
        node = self.node(key)
        if node is None:
            return default
        if isinstance(node.value, bool):
            return node.value
        if node.text in _WORDS_FOR_TRUE:
            return True
        if node.text in _WORDS_FOR_FALSE:
            return False
        self.wrong(key, node, "true or false", f"write {key}: true, or {key}: false")
        return default

    def integer(self, key: str, default: int, *, low: int | None = None) -> int:
        node = self.node(key)
        if node is None:
            return default
        if isinstance(node.value, int) and not isinstance(node.value, bool):
            if low is None or node.value >= low:
                return node.value
            self.wrong(key, node, f"a number from {low}", f"write {key}: {max(low, default)}")
            return default
        self.wrong(key, node, "a whole number", f"write {key}: {default or 20}")
        return default

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; a single text is a list of one."""
        return tuple(text for text, _ in self.placed_texts(key))

    def placed_texts(self, key: str) -> tuple[tuple[str, Place], ...]:
        node = self.node(key)
        if node is None:
            return ()
        if isinstance(node.value, (str, int, float)):
            return ((self._text(key, node, ""), node.place),)
        if not isinstance(node.value, tuple):
            self.wrong(key, node, "a list", f"write {key}: [one, two]")
            return ()
        found = []
        for item in node.value:
            if isinstance(item.value, (str, int, float)):
                found.append((self._text(key, item, ""), item.place))
            elif item.value is not None:
                self.wrong(key, item, "a text", f"write {key}: [one, two]")
        return tuple(found)

    def mapping(self, key: str) -> Fields | None:
        """The fields of a mapping under `key`."""
        node = self.node(key)
        if node is None:
            return None
        if isinstance(node.value, Mapping):
            return Fields(node.value, node.place, self._problems)
        self.wrong(key, node, "a mapping", f"write the parts of {key} as `name: value` below it")
        return None

    def items(self, key: str) -> tuple[Node, ...]:
        """The nodes of a list under `key`."""
        node = self.node(key)
        if node is None:
            return ()
        if isinstance(node.value, tuple):
            return node.value
        self.wrong(key, node, "a list", f"write each of the {key} on a line of its own, after `- `")
        return ()

    def keys(self) -> tuple[str, ...]:
        return tuple(self._mapping.entries)

    def wrong(self, key: str, node: Node, wanted: str, hint: str) -> None:
        self._problems.add(
            "invalid-value", node.place, f"'{key}' wants {wanted}, and this is {node.kind}", hint
        )

    def unknown(self) -> tuple[str, ...]:
        """The keys that nobody asked for."""
        return tuple(key for key in self._mapping.entries if key not in self._asked)

    def report_unknown(self, what: str) -> None:
        for key in self.unknown():
            guess = nearest(key, self._asked)
            self._problems.add(
                "unknown-key",
                self.key_place(key),
                f"{what} has no key '{key}'",
                f"did you mean '{guess}'?" if guess else "remove it, or see the list of keys",
            )
