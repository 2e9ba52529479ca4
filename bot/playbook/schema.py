"""The JSON Schema of playbooks, for editors: what stands there comes from the models and their docstrings."""

import ast
import inspect
import re
from collections.abc import Iterator
from itertools import pairwise
from textwrap import dedent
from typing import Any, get_args

from pydantic import BaseModel

from bot.playbook.shape import Playbook


def schema() -> dict[str, Any]:
    """A JSON Schema (draft 2020-12) of ``playbook.yaml``."""
    made = Playbook.model_json_schema()
    shapes = made["$defs"] | {Playbook.__name__: made}
    for model in dict.fromkeys(_models(Playbook)):
        shape = shapes[model.__name__]
        said = _said(model)
        shape["description"] = _markdown(inspect.getdoc(model) or "")
        for name, field in model.model_fields.items():
            shown = shape["properties"][field.alias or name]
            shown.pop("title", None)
            if name in said:
                shown["description"] = _markdown(said[name])
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A playbook of Tocsin"}
    return head | {key: value for key, value in made.items() if key != "title"}


def _models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """The model and every model within it."""
    yield model
    for field in model.model_fields.values():
        for inner in _within(field.annotation):
            yield from _models(inner)


def _within(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _within(inner)


def _said(model: type[BaseModel]) -> dict[str, str]:
    """What stands under each field of a model. Read only here: it would cost every start 35 ms."""
    said: dict[str, str] = {}
    for part in reversed(model.__mro__):
        if part is BaseModel or not issubclass(part, BaseModel):
            continue
        (tree,) = ast.parse(dedent(inspect.getsource(part))).body
        for field, below in pairwise(tree.body if isinstance(tree, ast.ClassDef) else []):
            if not (isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)):
                continue
            if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
                said[field.target.id] = inspect.cleandoc(str(below.value.value))
    return said


def _markdown(text: str) -> str:
    """A docstring as editors show it: ``code`` in single backticks, paragraphs on one line each."""
    text = re.sub(r":\w+:`~?([^`]+)`", r"`\1`", text.replace("``", "`"))
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))
