"""docs/security.md names a test for each threat, and each of them is there."""

import ast
import re
from pathlib import Path

HERE = Path(__file__).parent
DOCUMENT = HERE.parent / "docs" / "security.md"
ROW = re.compile(r"^\|(?P<threat>[^|]+)\|(?P<refused>[^|]+)\|(?P<shown>[^|]+)\|$", re.MULTILINE)
TEST = re.compile(r"`([\w/]+\.py)::(\w+)`")


def defined_in(path: Path) -> set[str]:
    """The tests that a file defines."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_threat_names_tests_that_there_are() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    threats = text[text.index("## Threats") : text.index("## Dependencies")]
    rows = [row for row in ROW.finditer(threats) if row["shown"].strip(" -") not in ("", "shown by")]
    assert len(rows) > 40
    for row in rows:
        named = TEST.findall(row["shown"])
        assert named and not TEST.sub("", row["shown"]).strip(), row[0]
        for path, name in named:
            assert name.startswith("test_") and name in defined_in(HERE / path), f"{path}::{name}"
