"""The language of templates: a part of Jinja2 in which one chooses and quotes, and does not compute.

Jinja's sandbox keeps a template from private attributes, from changing what it is given, and from ``str.format`` as a
way around both. It does not keep it from taking all time and memory: ``{{ "a" * 10 ** 9 }}`` and loops within loops
run in it, the first of them even while the template is compiled. So a template is parsed first and refused unless it
consists of nothing but text, facts, plain values, ``if``, comparisons and a few filters: no call, no loop, no
arithmetic, no attribute, no variable of its own, no other template. What is left takes time in proportion to its
length. The sandbox stands behind that as a second wall, with everything taken out of it that is not needed.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from itertools import chain
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.durations import spell
from bot.errors import TocsinError
from bot.playbook.facts import BY_NAME, FACTS
from bot.playbook.misfit import nearest, quoted

LONGEST = 30_000
"""Characters that a template may come to; what is more is cut."""
DEEPEST = 24
"""How deeply a template may nest."""
FILTERS = ("capitalize", "d", "default", "length", "lower", "spelled", "title", "trim", "truncate", "upper")
"""None of them makes a text more than three times as long, however often it is used; ``spelled`` writes a length of
time out, ``1h 30m`` as ``1 hour 30 minutes``, and leaves everything else alone."""
Facts = Mapping[str, str | int | Mapping[str, str]]
FAILURES = (TemplateError, ArithmeticError, AssertionError, LookupError, RecursionError, TypeError, ValueError)
"""What a template that is allowed may still run into: it compares a number with a text, or cuts to a length below 0."""

_PLAIN = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Const, nodes.If, nodes.And, nodes.Or, nodes.Not,
    nodes.Compare, nodes.Operand, nodes.Concat, nodes.Keyword, nodes.Tuple, nodes.List, nodes.CondExpr,
    nodes.Name, nodes.Getattr, nodes.Getitem,
)  # fmt: skip
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of what follows."""
_WORDS: dict[type[nodes.Node], str] = {
    nodes.For: "a loop",
    nodes.Call: "a call",
    nodes.CallBlock: "a call",
    nodes.BinExpr: "arithmetic",
    nodes.UnaryExpr: "arithmetic",
    nodes.Assign: "a variable",
    nodes.AssignBlock: "a variable",
    nodes.With: "a variable",
    nodes.Macro: "a macro",
    nodes.Include: "another template",
    nodes.Import: "another template",
    nodes.FromImport: "another template",
    nodes.Extends: "another template",
    nodes.Block: "a block",
}
ONLY = "only text, facts and “if”: a template chooses and quotes"


class BadTemplate(ValueError):
    """A template that is not allowed, or no template at all."""

    def __init__(self, found: str, expected: str, *, line: int | None, lacks: str = "", among: str = "") -> None:
        super().__init__(f"found {found}, expected {expected}")
        self.found, self.expected, self.line = found, expected, line or 1
        """The line within the template, from 1."""
        self.lacks, self.among = lacks, among
        """A name that is nowhere, and the part of the playbook in which it is looked for."""


class TemplateFailed(TocsinError):
    """A template that is allowed could not be turned into words; the standard words stand in for it."""


class _Language(ImmutableSandboxedEnvironment):
    """Jinja's sandbox without what it brings: no attribute, no call and no arithmetic gets through it either."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "**", "%"})

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Only ever one of several facts, by its name."""
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Only ever one of several facts, by its name."""
        if isinstance(obj, Mapping) and argument in obj:
            return obj[argument]
        return self.undefined(obj=obj, name=argument)

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Nothing is called."""
        raise SecurityError("a template calls nothing")

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Nothing is computed."""
        raise SecurityError("a template does not compute")


def _language() -> _Language:
    made = _Language(undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True, cache_size=0)
    made.filters = {name: made.filters[name] for name in FILTERS if name in made.filters} | {"spelled": _spelled}
    made.globals, made.tests = {}, {}
    return made


def _spelled(fact: str | int) -> str:
    return spell(str(fact))


_LANGUAGE = _language()


def render(source: str, facts: Facts, *, known: Mapping[str, str] = FACTS) -> str:
    """The template's words: text and nothing more, at most ``LONGEST`` characters of it; raises ``TemplateFailed``."""
    said: list[str] = []
    try:
        for part in compiled(source, frozenset(known)).generate(facts):
            said.append(part[:LONGEST])
            if sum(map(len, said)) > LONGEST:
                break
    except FAILURES as error:
        raise TemplateFailed(str(error) or type(error).__name__) from error
    whole = _HIDDEN.sub("", "".join(said)).strip()
    whole = re.sub(r"\n{3,}", "\n\n", whole)
    return whole if len(whole) <= LONGEST else f"{whole[: LONGEST - 1]}…"


@lru_cache(512)
def compiled(source: str, known: frozenset[str] = frozenset(FACTS)) -> Template:
    """The template, ready to be filled in; raises :class:`BadTemplate`."""
    try:
        tree = _LANGUAGE.parse(source)
        for node in _nodes(tree):
            _allow(node, known)
        return _LANGUAGE.from_string(tree)
    except TemplateSyntaxError as error:
        said = str(error.message).rstrip(".")
        raise BadTemplate(f"no template ({said})", "Jinja: {{ title }}, {% if impact %}", line=error.lineno) from error
    except BadTemplate:
        raise
    except (RecursionError, SyntaxError, MemoryError, ValueError) as error:  # Python's own limits, not Jinja's
        raise BadTemplate("too much nesting, or too long a number", f"at most {DEEPEST} levels", line=1) from error


def check(source: str, *, known: Mapping[str, str] = FACTS, parts: Mapping[str, Collection[str]]) -> None:
    """Whether a template is allowed and quotes only what there is; raises :class:`BadTemplate`.

    ``parts`` holds the names that ``fields`` and ``role`` have in this playbook.
    """
    compiled(source, frozenset(known))
    for node in _nodes(_LANGUAGE.parse(source)):
        if isinstance(node, nodes.Getattr | nodes.Getitem) and isinstance(node.node, nodes.Name):
            fact, part = node.node.name, _chosen(node)
            if part not in parts.get(fact, ()):
                among = {"fields": "fields", "role": "roles"}.get(fact, "")
                expected = _one_of(part, parts.get(fact, ()))
                raise BadTemplate(quoted(f"{fact}.{part}"), expected, line=node.lineno, lacks=part, among=among)


def _one_of(word: str, known: Collection[str]) -> str:
    """The name that was meant, else all that there are."""
    near = nearest(word, sorted(known))
    return f"“{near}”" if near else f"one of {', '.join(sorted(known))}" if known else "a name, and there is none"


def _nodes(tree: nodes.Node) -> Iterator[nodes.Node]:
    """Every node, each after the one that holds it; the name before a dot belongs to what stands after it."""
    level, depth = [tree], 0
    while level:
        if depth > DEEPEST:
            raise BadTemplate("too much nesting", f"at most {DEEPEST} levels", line=level[0].lineno)
        yield from level
        inner = (n.iter_child_nodes() for n in level if not isinstance(n, nodes.Getattr | nodes.Getitem))
        level, depth = list(chain.from_iterable(inner)), depth + 1


def _allow(node: nodes.Node, known: frozenset[str]) -> None:
    """Whether a template may hold this; raises :class:`BadTemplate`."""
    wrong = _fact(node, known) or _way(node)
    if wrong is not None:
        raise BadTemplate(*wrong, line=node.lineno)


def _fact(node: nodes.Node, known: frozenset[str]) -> tuple[str, str] | None:
    """What is wrong with a fact, and what would be right."""
    match node:
        case nodes.Name() if node.name in BY_NAME:
            return f"{quoted(node.name)} alone", f"one of them, like {node.name}.NAME"
        case nodes.Name() if node.name not in known:
            return f"the unknown fact {quoted(node.name)}", _one_of(node.name, known)
        case nodes.Getattr() | nodes.Getitem():
            several = isinstance(node.node, nodes.Name) and node.node.name in BY_NAME
            if not (several and _chosen(node)):
                return "a look into a fact", "a fact as it is; only “fields” and “role” have parts"
    return None


def _way(node: nodes.Node) -> tuple[str, str] | None:
    """What is wrong with what is done with facts, and what would be right."""
    match node:
        case nodes.Filter():
            plain = node.node is not None and node.name in FILTERS and not (node.dyn_args or node.dyn_kwargs)
            return None if plain else (f"the filter {quoted(node.name)}", f"one of {', '.join(FILTERS)}")
        case nodes.CondExpr() if node.expr2 is None:
            return "“if” without “else”", "what is said otherwise: {{ a if b else c }}"
        case nodes.Test():
            return "a test with “is”", "{% if impact %}: a fact that is not known is empty"
    return None if isinstance(node, _PLAIN) else (_word(node), ONLY)


def _word(node: nodes.Node) -> str:
    return next((word for kind, word in _WORDS.items() if isinstance(node, kind)), type(node).__name__.lower())


def _chosen(node: nodes.Getattr | nodes.Getitem) -> str:
    """The name after the dot or in the brackets; empty where it is none."""
    if isinstance(node, nodes.Getattr):
        return node.attr
    return node.arg.value if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str) else ""
