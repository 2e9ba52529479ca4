"""What a template may consist of: each node of it that is not allowed is told, all of them at once."""

from collections.abc import Collection, Iterator, Mapping
from itertools import chain

from jinja2 import nodes

from bot.playbook.facts import BY_NAME
from bot.playbook.misfit import nearest, quoted

DEEPEST = 24
"""How deeply a template may nest."""
FILTERS = ("capitalize", "d", "default", "length", "lower", "spelled", "title", "trim", "truncate", "upper")
"""None of them makes a text more than three times as long, however often it is used; ``spelled`` writes a length of
time out, ``1h 30m`` as ``1 hour 30 minutes``, and leaves everything else alone."""
_PLAIN = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Const, nodes.If, nodes.And, nodes.Or, nodes.Not,
    nodes.Compare, nodes.Operand, nodes.Concat, nodes.Keyword, nodes.Tuple, nodes.List, nodes.CondExpr,
    nodes.Name, nodes.Getattr, nodes.Getitem,
)  # fmt: skip
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


def faults(
    tree: nodes.Node, *, known: Collection[str], parts: Mapping[str, Collection[str]] | None = None
) -> Iterator[BadTemplate]:
    """Everything in a template that is not allowed or that there is not, in no order.

    ``parts`` holds the names that ``fields`` and ``role`` have in a playbook; ``None`` where that does not matter yet.
    """
    try:
        found = list(_nodes(tree))
    except BadTemplate as deep:
        yield deep
        return
    own = {node.name for node in found if isinstance(node, nodes.Name) and node.ctx != "load"}
    for node in found:
        if isinstance(node, nodes.Name) and node.name in own:
            continue  # a loop's own variable, for instance: the loop is what is told
        wrong = _fact(node, known) or _way(node)
        if wrong is not None:
            yield BadTemplate(*wrong, line=node.lineno)
        elif parts is not None:
            yield from _part(node, parts)


def _part(node: nodes.Node, parts: Mapping[str, Collection[str]]) -> Iterator[BadTemplate]:
    """A field or a role that the playbook does not have."""
    if isinstance(node, nodes.Getattr | nodes.Getitem) and isinstance(node.node, nodes.Name):
        fact, part = node.node.name, _chosen(node)
        if part not in parts.get(fact, ()):
            among = {"fields": "fields", "role": "roles"}.get(fact, "")
            expected = _one_of(part, parts.get(fact, ()))
            yield BadTemplate(quoted(f"{fact}.{part}"), expected, line=node.lineno, lacks=part, among=among)


def _one_of(word: str, known: Collection[str]) -> str:
    """The name that was meant, else all that there are."""
    near = nearest(word, sorted(known))
    return f"“{near}”" if near else f"one of {', '.join(sorted(known))}" if known else "a name, and there is none"


def _nodes(tree: nodes.Node) -> Iterator[nodes.Node]:
    """Every node, each after the one that holds it.

    The name before a dot belongs to what stands after it, and a call, which is told, is not looked into.
    """
    level, depth = [tree], 0
    while level:
        if depth > DEEPEST:
            raise BadTemplate("too much nesting", f"at most {DEEPEST} levels", line=level[0].lineno)
        yield from level
        inner = (n.iter_child_nodes() for n in level if not isinstance(n, nodes.Getattr | nodes.Getitem | nodes.Call))
        level, depth = list(chain.from_iterable(inner)), depth + 1


def _fact(node: nodes.Node, known: Collection[str]) -> tuple[str, str] | None:
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
