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
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.durations import spell
from bot.errors import TocsinError
from bot.hidden import HIDDEN
from bot.playbook.facts import FACTS
from bot.playbook.syntax import DEEPEST, FILTERS, BadTemplate, faults

LONGEST = 30_000
"""Characters that a template may come to; what is more is cut."""
Facts = Mapping[str, str | int | Mapping[str, str]]
FAILURES = (TemplateError, ArithmeticError, AssertionError, LookupError, RecursionError, TypeError, ValueError)
"""What a template that is allowed may still run into: it compares a number with a text, or cuts to a length below 0."""

_HIDDEN = re.compile(f"[\x00-\x08\x0b-\x1f\x7f{HIDDEN}]")
"""Control characters, and those that turn the direction of what follows."""


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


def mistakes(
    source: str, *, known: Mapping[str, str] = FACTS, parts: Mapping[str, Collection[str]]
) -> list[BadTemplate]:
    """Everything in a template that is not allowed, or that there is not, in the order of its lines.

    ``parts`` holds the names that ``fields`` and ``role`` have in this playbook.
    """
    try:
        found = faults(_parsed(source), known=known, parts=parts)
        told = {(str(one), one.line): one for one in sorted(found, key=lambda one: one.line)}
        if not told:
            compiled(source, frozenset(known))
    except BadTemplate as no:
        return [no]
    return list(told.values())


@lru_cache(512)
def compiled(source: str, known: frozenset[str] = frozenset(FACTS)) -> Template:
    """The template, ready to be filled in; raises :class:`BadTemplate`."""
    tree = _parsed(source)
    for fault in faults(tree, known=known):
        raise fault
    with _limits():
        return _LANGUAGE.from_string(tree)


def _parsed(source: str) -> nodes.Template:
    with _limits():
        return _LANGUAGE.parse(source)


@contextmanager
def _limits() -> Iterator[None]:
    """What Jinja or Python itself refuses, as a :class:`BadTemplate`."""
    try:
        yield
    except TemplateSyntaxError as error:
        said = str(error.message).rstrip(".")
        raise BadTemplate(f"no template ({said})", "Jinja: {{ title }}, {% if impact %}", line=error.lineno) from error
    except (RecursionError, SyntaxError, MemoryError, ValueError) as error:  # Python's own limits, not Jinja's
        raise BadTemplate("too much nesting, or too long a number", f"at most {DEEPEST} levels", line=1) from error
