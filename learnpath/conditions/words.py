"""Conditions and effects in the learner's language."""

from __future__ import annotations

from collections.abc import Sequence

from learnpath.conditions.check import kind_of
from learnpath.conditions.syntax import Tree
from learnpath.course import Course
from learnpath.document import Checkpoint
from learnpath.story import Effect, OneOf
from learnpath.strings import Strings

_COMPARED = {
    "==": "words.equals",
    "!=": "words.not_equals",
    "<": "words.less",
    "<=": "words.at_most",
    ">": "words.more",
    ">=": "words.at_least",
}
_SIGNS = {"==": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥"}


class Words:
    """Says in words what a course asks and changes, in one language."""

    def __init__(self, course: Course, strings: Strings) -> None:
        self._course = course
        self._t = strings.text
        self._language = strings.code

    def condition(self, tree: Tree) -> str:
        """A phrase that fits behind "if": "you have seen The beer game"."""
        if not isinstance(tree, list):
            return str(tree)
        operator, *arguments = tree
        match operator:
            case "and" | "or":
                a, b = (self._inner(str(operator), argument) for argument in arguments)
                return self._t(f"words.{operator}", a=a, b=b)
            case "not":
                return self._negated(arguments[0])
            case "count":
                return self._t("words.count", n=1, items=self._items(arguments))
        if operator in _COMPARED:
            return self._comparison(str(operator), arguments[0], arguments[1])
        return self._asked(str(operator), arguments, negated=False)

    def _inner(self, operator: str, tree: Tree) -> str:
        words = self.condition(tree)
        mixed = isinstance(tree, list) and tree[0] in ("and", "or") and tree[0] != operator
        return f"({words})" if mixed else words

    def _negated(self, tree: Tree) -> str:
        asked = ("visited", "answered", "revisited", "chose", "var")
        if isinstance(tree, list) and tree[0] in asked and tree[0] != "revisited":
            return self._asked(str(tree[0]), tree[1:], negated=True)
        if isinstance(tree, list) and tree[0] == "==":
            return self._comparison("!=", tree[1], tree[2])
        return self._t("words.not", a=self.condition(tree))

    def _items(self, trees: Sequence[Tree]) -> str:
        return "; ".join(self.condition(tree) for tree in trees)

    def _asked(self, operator: str, arguments: Sequence[Tree], *, negated: bool) -> str:
        name = str(arguments[0]) if arguments else ""
        no = "not_" if negated else ""
        match operator:
            case "visited":
                return self._t(f"words.{no}visited", page=self._page(name))
            case "answered":
                return self._t(f"words.{no}answered", prompt=self._prompt(name))
            case "revisited":
                return self._t("words.revisited", prompt=self._prompt(name))
            case "chose":
                block = self._block(name)
                if negated:
                    return self._t("words.not", a=self._t("words.chose_any", block=block))
                return self._t("words.chose_any", block=block)
            case "var":
                return self._t(f"words.{no}flag", label=self.label(name))
            case "answer":
                return self._t("words.answer_to", prompt=self._prompt(name))
            case _:
                return self._value([operator, *arguments])

    def _comparison(self, operator: str, left: Tree, right: Tree) -> str:
        if isinstance(right, list) and not isinstance(left, list):
            return self._comparison(_mirrored(operator), right, left)
        if isinstance(left, list) and left[0] == "count" and not isinstance(right, list):
            items = self._items(left[1:])
            if operator == ">=":
                return self._t("words.count", n=right, items=items)
            sign = _SIGNS[operator]
            return self._t("words.count_compare", comparison=sign, n=right, items=items)
        if isinstance(left, list) and left[0] == "chose" and operator in ("==", "!="):
            option = self._option(str(left[1]), str(right))
            return self._t("words.chose" if operator == "==" else "words.not_chose", option=option)
        if isinstance(left, list) and left[0] == "route" and operator == "==":
            return self._t("words.route", route=self._route(str(right)))
        return self._t(
            _COMPARED[operator], name=self._value(left), value=self._value(right, beside=left)
        )

    def _value(self, tree: Tree, beside: Tree | None = None) -> str:
        """A part of a comparison in words; `beside` is what it is compared with."""
        if isinstance(tree, str) and isinstance(beside, list):
            return self._option_label(beside, tree)
        if not isinstance(tree, list):
            return str(tree)
        operator, *arguments = tree
        match operator:
            case "var":
                return self.label(str(arguments[0]))
            case "answer":
                return self._t("words.answer_to", prompt=self._prompt(str(arguments[0])))
            case "neg":
                return f"−{self._value(arguments[0])}"
            case "+" | "-":
                sign = "+" if operator == "+" else "−"
                return f"{self._value(arguments[0])} {sign} {self._value(arguments[1])}"
            case "route" | "chose":
                return kind_of(tree, self._course).what
            case _:
                return self.condition(tree)

    def _option_label(self, beside: list[Tree], value: str) -> str:
        if beside[0] == "var":
            variable = self._course.config.state.get(str(beside[1]))
            if isinstance(variable, OneOf):
                return variable.options.get(value, value)
        if beside[0] == "answer":
            home = self._course.checkpoint(str(beside[1]))
            for option in home.checkpoint.options if home else ():
                if option.id == value:
                    return option.text
        return value

    def effect(self, effect: Effect) -> str:
        """What taking an option changes, as a note for a learner without a script."""
        label = self.label(effect.variable)
        if effect.operator in ("+", "-"):
            key = "effects.rise" if effect.operator == "+" else "effects.fall"
            return self._t(key, label=label, n=effect.value)
        if isinstance(effect.value, bool):
            return self._t("effects.on" if effect.value else "effects.off", label=label)
        value = self._option_label(["var", effect.variable], str(effect.value))
        return self._t("effects.set", label=label, value=value)

    def label(self, name: str) -> str:
        """A variable's label; a name without one is read as words."""
        variable = self._course.config.state.get(name)
        return (variable.label if variable else "") or name.replace("_", " ")

    def _page(self, identity: str) -> str:
        page = self._course.find(identity)
        return self._course.in_language(page, self._language).title if page else identity

    def _prompt(self, identity: str) -> str:
        home = self._course.checkpoint(identity)
        return shortened(home.checkpoint) if home else identity

    def _block(self, identity: str) -> str:
        home = self._course.blocks.get(identity)
        if home is None:
            return identity
        return home.block.text or self._course.in_language(home.page, self._language).title

    def _option(self, block: str, option: str) -> str:
        home = self._course.blocks.get(block)
        found = (o.text for o in home.block.options if o.id == option) if home else iter(())
        return next(found, option)

    def _route(self, identity: str) -> str:
        route = self._course.routes.get(identity)
        return route.title if route else identity


def shortened(checkpoint: Checkpoint, limit: int = 60) -> str:
    """A prompt short enough to stand in a sentence."""
    text = checkpoint.prompt_text or checkpoint.id
    if len(text) <= limit:
        return text
    return text[:limit].rsplit(" ", 1)[0].rstrip(",;:—–- ") + "…"


def _mirrored(operator: str) -> str:
    return {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(operator, operator)
