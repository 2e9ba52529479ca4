"""The set-up and the words around the product say what is so."""

import ast
import importlib
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic_settings import BaseSettings
from ruamel.yaml import YAML

from bot.commands import VERBS
from bot.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")
IMPORTED_AS = {"discord-py": "discord", "python-dotenv": "dotenv", "ruamel-yaml": "ruamel"}
"""Where a distribution's name is not that of its package."""
NAMED_IN_CODE = {
    "dateparser": 'named("dateparser",',
    "aiosqlite": "sqlite+aiosqlite",
    "httptools": "httptools_impl",
    "tzdata": "ZoneInfo(",
}
"""Loaded by another library under this name, or by us by name (``bot.loading``), never imported by us."""
COMES_WITH = {"pydantic_core": "pydantic", "yarl": "aiohttp"}
"""Packages that are part of a direct dependency's own interface."""
PROSE = ("README.md", "docs/*.md", "docs/decisions/*.md", "adapters/*/README.md")


def text(name: str) -> str:
    """A file of the project."""
    return (ROOT / name).read_text(encoding="utf-8")


def spelled(requirement: str) -> str:
    """A requirement's name as it is written: ``sqlalchemy[asyncio]>=2.1`` is ``sqlalchemy``."""
    return re.split(r"[^A-Za-z0-9._-]", requirement)[0]


def bare(requirement: str) -> str:
    """A requirement's name in its normal form: ``discord.py`` is ``discord-py``."""
    return re.sub(r"[-_.]+", "-", spelled(requirement)).lower()


DIRECT = [bare(requirement) for requirement in PROJECT["dependencies"]]


def pins(name: str) -> dict[str, str]:
    """Each pinned distribution of a requirements file with its version."""
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text(name), re.MULTILINE))


def sources() -> Iterator[Path]:
    """Every Python file that ships."""
    for folder in ("bot", "adapters"):
        yield from (ROOT / folder).rglob("*.py")


@pytest.fixture(scope="module")
def imported() -> set[str]:
    """Top-level names that the shipped code imports, the ones of its own left out."""
    found: set[str] = set()
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.partition(".")[0])
    return found - {"bot", "adapters"} - set(sys.stdlib_module_names)


def all_settings() -> dict[str, object]:
    """Every setting's name, and its default."""
    found: dict[str, object] = {}
    modules = [
        importlib.import_module(f"adapters.{p.parent.name}.settings") for p in ROOT.glob("adapters/*/settings.py")
    ]
    classes = [each for module in modules for each in vars(module).values() if isinstance(each, type)]
    for each in (Settings, *classes):
        if issubclass(each, BaseSettings) and each is not BaseSettings:
            for name, field in each.model_fields.items():
                found[str(field.validation_alias or name).upper()] = field.default
    return found


@pytest.fixture(scope="module")
def commands() -> list[str]:
    """What the command line offers."""
    said = subprocess.run([sys.executable, "-m", "bot", "--help"], cwd=ROOT, capture_output=True, text=True, check=True)
    found = re.findall(r"^\W ([a-z]+)  ", said.stdout.partition("Commands")[2], re.MULTILINE)
    assert "run" in found
    return found


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_every_pinned_version_has_hashes_and_no_address_is_named(name: str) -> None:
    said = text(name)
    assert "://" not in said
    assert not re.search(
        r"^\s*-", re.sub(r"^\s+--hash=sha256:[0-9a-f]{64}.*$", "", said, flags=re.MULTILINE), re.MULTILINE
    )
    blocks = re.split(r"^(?=[a-z0-9])", said, flags=re.MULTILINE)[1:]
    assert blocks
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block or "==" not in block] == []


def test_the_tests_run_on_the_versions_that_ship() -> None:
    ships, tested = pins("requirements.txt"), pins("requirements-dev.txt")
    assert {name: tested.get(name) for name in ships} == ships


def test_every_direct_dependency_is_pinned_and_so_is_the_build_backend() -> None:
    assert set(DIRECT) | {"hatchling"} <= pins("requirements.txt").keys()
    extra = PROJECT["optional-dependencies"]["dev"]
    assert {bare(requirement) for requirement in extra} <= pins("requirements-dev.txt").keys()


@pytest.mark.parametrize("name", DIRECT)
def test_every_direct_dependency_is_really_used(name: str, imported: set[str]) -> None:
    if name in NAMED_IN_CODE:
        assert any(NAMED_IN_CODE[name] in path.read_text(encoding="utf-8") for path in sources())
    else:
        assert IMPORTED_AS.get(name, name.replace("-", "_")) in imported


def test_nothing_is_imported_that_is_no_direct_dependency(imported: set[str]) -> None:
    known = {IMPORTED_AS.get(name, name.replace("-", "_")) for name in DIRECT}
    assert {name for name in imported if COMES_WITH.get(name, name) not in known} == set()


@pytest.mark.parametrize("name", [spelled(requirement) for requirement in PROJECT["dependencies"]])
def test_every_direct_dependency_has_its_reason_on_record(name: str) -> None:
    assert f"| {name} |" in text("docs/decisions/0001-what-we-build-on.md").lower()


def test_the_example_names_every_setting_and_no_other() -> None:
    named = re.findall(r"^#?([A-Z][A-Z0-9_]+)=", text(".env.example"), re.MULTILINE)
    assert sorted(named) == sorted(all_settings())


def test_the_example_shows_the_real_defaults_and_sets_nothing() -> None:
    lines = dict(re.findall(r"^#([A-Z][A-Z0-9_]+)=(.*)$", text(".env.example"), re.MULTILINE))
    defaults = {name: "" if default is None else str(default) for name, default in all_settings().items()}
    assert {name: value.lower() for name, value in lines.items()} == {k: v.lower() for k, v in defaults.items()}


def test_every_setting_in_the_example_is_explained() -> None:
    for block in re.split(r"\n\n+", text(".env.example")):
        first_setting = re.search(r"^#[A-Z][A-Z0-9_]+=", block, re.MULTILINE)
        if first_setting is not None:
            assert block[: first_setting.start()].startswith("# "), block


def test_the_readme_names_the_two_commands_and_every_command_of_the_command_line(commands: list[str]) -> None:
    readme = text("README.md")
    assert "\nmake demo\n" in readme
    assert "\nmake test\n" in readme
    assert [name for name in commands if f"`tocsin {name}" not in readme] == []


@pytest.mark.parametrize("usage", [verb.usage for verb in VERBS if verb.listed])
def test_the_readme_shows_how_each_verb_is_typed(usage: str) -> None:
    assert f"`{usage}`" in text("README.md")


def test_links_in_the_documents_lead_somewhere() -> None:
    missing = []
    for page in (path for pattern in PROSE for path in ROOT.glob(pattern)):
        for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
            if "://" not in target and not (page.parent / target.partition("#")[0]).exists():
                missing.append(f"{page.relative_to(ROOT)}: {target}")
    assert missing == []


def test_every_decision_stands_in_the_list() -> None:
    listed = text("docs/decisions/README.md")
    assert [path.name for path in ROOT.glob("docs/decisions/0*.md") if f"]({path.name})" not in listed] == []


def test_the_slack_manifest_asks_for_what_the_bot_offers() -> None:
    manifest = YAML(typ="safe").load(text("adapters/slack/manifest.yaml"))
    assert [command["command"] for command in manifest["features"]["slash_commands"]] == ["/incident"]
    assert {"message", "global"} == {shortcut["type"] for shortcut in manifest["features"]["shortcuts"]}
    assert manifest["settings"]["socket_mode_enabled"] is True
    scopes = manifest["oauth_config"]["scopes"]["bot"]
    assert len(scopes) == len(set(scopes))
    assert "commands" in scopes


def test_the_procfile_starts_commands_that_exist(commands: list[str]) -> None:
    processes = dict(line.split(": ", 1) for line in text("Procfile").splitlines())
    assert processes == {"release": "tocsin migrate", "web": "tocsin run"}
    assert {command.split()[1] for command in processes.values()} <= set(commands)


def test_make_alone_lists_the_commands() -> None:
    said = subprocess.run(["make", "-C", str(ROOT)], capture_output=True, text=True, check=True).stdout
    for command in ("demo", "test", "check", "run", "bench", "chaos", "stops", "fuzz", "audit", "lock", "clean"):
        assert re.search(rf"^make {command}\s+\w", said, re.MULTILINE), command


def test_nobody_is_sent_to_another_machine_s_folders() -> None:
    words = re.compile(r"/(work|root|home|tmp|opt)/")
    pages = [path for pattern in PROSE for path in ROOT.glob(pattern)]
    for page in (*pages, ROOT / "Makefile", ROOT / ".ci/run", ROOT / ".env.example"):
        assert not words.search(page.read_text(encoding="utf-8")), page
