"""Rules, dashboard and documentation name the metrics that the bot shows, all of them and no others."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from adapters.web.metrics import Metrics

ROOT = Path(__file__).resolve().parent.parent.parent
RULES = ROOT / "deploy/prometheus/rules.yaml"
SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "info": ("_info",), "gauge": ("",)}
ADDED = {"job", "instance", "le"}
"""Labels that Prometheus and its histograms add."""
WORDS = {
    "absent", "and", "by", "count", "histogram_quantile", "increase", "label_values", "max", "min", "on", "or", "rate",
    "scalar", "sum", "topk", "unless",
}  # fmt: skip
"""What PromQL itself says in these expressions."""
PROCESS = {
    "process_virtual_memory_bytes", "process_resident_memory_bytes", "process_start_time_seconds",
    "process_cpu_seconds_total", "process_open_fds", "process_max_fds",
}  # fmt: skip
"""What prometheus_client shows of a process on Linux."""


def shown() -> dict[str, set[str]]:
    """Each series that the bot shows, and its labels."""
    found: dict[str, set[str]] = {name: set() for name in PROCESS}
    metrics = Metrics()
    for family in metrics.registry.collect():
        for suffix in SUFFIXES[family.type]:
            found[f"{family.name}{suffix}"] = set()
    for collector in vars(metrics).values():
        named = getattr(collector, "_labelnames", ())
        for name in found:
            if named and name.removeprefix(str(collector._name)) in ("", *SUFFIXES["counter"], *SUFFIXES["histogram"]):
                found[name] = set(named)
    found["tocsin_build_info"] = {"version", "python"}
    return found


SHOWN = shown()


def series(expression: str) -> list[tuple[str, set[str]]]:
    """What an expression of PromQL asks for: names, and the labels that it picks by."""
    bare = re.sub(r"\b(by|on)\s*\([^)]*\)", " ", expression.replace("$__rate_interval", "5m"))
    asked = []
    for name, _, picked in re.findall(r"(?<![\w.])([a-z_]\w*)(\{([^}]*)\})?", re.sub(r"\[[^\]]*\]", "", bare)):
        if name not in WORDS and not re.search(rf'"[^"]*\b{name}\b[^"]*"', bare):
            asked.append((name, set(re.findall(r"(\w+)\s*[=!]", picked))))
    return asked


def grouped(expression: str) -> set[str]:
    """The labels that an expression groups by."""
    inside = re.findall(r"\b(?:by|on)\s*\(([^)]*)\)", expression)
    return {label.strip() for labels in inside for label in labels.split(",")}


def rules() -> list[dict[str, Any]]:
    """Every alerting rule."""
    groups = YAML(typ="safe").load(RULES.read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def dashboard() -> dict[str, Any]:
    """The dashboard."""
    read: dict[str, Any] = json.loads((ROOT / "deploy/grafana/dashboard.json").read_text(encoding="utf-8"))
    return read


def expressions() -> list[str]:
    """Everything that is asked of Prometheus."""
    panels = [target["expr"] for panel in dashboard()["panels"] for target in panel.get("targets", [])]
    return [*(rule["expr"] for rule in rules()), *panels]


def test_the_expressions_are_read_rightly() -> None:
    assert series('histogram_quantile(0.99, sum by (le, a) (rate(x_bucket{b=~"c|d", e!="f"}[10m]))) > 2 and y') == [
        ("x_bucket", {"b", "e"}),
        ("y", set()),
    ]
    assert grouped("sum by (le, a) (x) and on (instance) y") == {"le", "a", "instance"}


@pytest.mark.parametrize("expression", expressions())
def test_nothing_is_asked_of_prometheus_that_the_bot_does_not_show(expression: str) -> None:
    asked = series(expression)
    assert asked
    for name, picked in asked:
        assert name in SHOWN, name
        assert picked <= SHOWN[name] | ADDED, name
    assert grouped(expression) <= ADDED.union(*(SHOWN[name] for name, _ in asked))


def test_every_rule_says_how_long_how_urgent_what_and_what_to_do() -> None:
    names = [rule["alert"] for rule in rules()]
    assert len(names) == len(set(names)) and all(re.fullmatch(r"Tocsin[A-Za-z]+", name) for name in names)
    for rule in rules():
        assert re.fullmatch(r"\d+[mh]", rule["for"]), rule["alert"]
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert set(rule["annotations"]) == {"summary", "action"}
        labels = set(re.findall(r"\$labels\.(\w+)", " ".join(rule["annotations"].values())))
        assert labels <= grouped(rule["expr"]) | {"instance", "part"}, rule["alert"]


def test_each_rule_is_shown_to_fire() -> None:
    said = (ROOT / "deploy/prometheus/rules_test.yaml").read_text(encoding="utf-8")
    assert [rule["alert"] for rule in rules() if f'alertname="{rule["alert"]}"' not in said] == []


def test_prometheus_own_tool_finds_the_rules_right() -> None:
    if shutil.which("promtool") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("promtool is not on this machine: install prometheus")
    for words in (("check", "rules", RULES), ("test", "rules", RULES.with_name("rules_test.yaml"))):
        ran = subprocess.run(["promtool", *words], capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_dashboard_can_be_imported() -> None:
    board = dashboard()
    ids = [panel["id"] for panel in board["panels"]]
    assert len(ids) == len(set(ids)) and board["uid"] == "tocsin" and board["schemaVersion"] >= 36
    places = [tuple(panel["gridPos"][side] for side in "xy") for panel in board["panels"]]
    assert len(places) == len(set(places))
    assert all(panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24 for panel in board["panels"])
    assert {name["name"] for name in board["templating"]["list"]} == {"datasource", "job"}


def test_every_metric_is_documented_and_every_documented_one_is_shown() -> None:
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `((?:tocsin|process)_\w+)` \|", page, re.MULTILINE))
    assert {re.sub(r"_(bucket|sum|count)$", "", name) for name in SHOWN} == told


def test_every_metric_of_its_own_is_on_the_dashboard_or_in_a_rule() -> None:
    asked = {name for expression in expressions() for name, _ in series(expression)}
    families = {re.sub(r"_(bucket|sum|count)$", "", name) for name in asked}
    own = {re.sub(r"_(bucket|sum|count)$", "", name) for name in SHOWN if name.startswith("tocsin_")}
    assert own <= families


def test_every_alert_is_named_in_the_documentation() -> None:
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    assert [rule["alert"] for rule in rules() if f"`{rule['alert']}`" not in page] == []
