"""The files under deploy/ start commands that exist, in a way that the bot can bear, and are all explained."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.settings import Settings
from tests.test_setup import all_settings

ROOT = Path(__file__).resolve().parent.parent.parent
DEPLOY = ROOT / "deploy"
KUBERNETES = sorted(path.name for path in (DEPLOY / "kubernetes").glob("*.yaml"))
STOPS_WITHIN = 5
"""Seconds that a stop of the bot takes at most."""
WAITS_FOR_DATABASE = 10
"""Seconds that /readyz takes at most, while the database answers nothing."""


def manifests(name: str) -> list[dict[str, Any]]:
    """What one file holds."""
    text = (DEPLOY / "kubernetes" / name).read_text(encoding="utf-8")
    return [each for each in YAML(typ="safe").load_all(text) if each]


def one(name: str, kind: str) -> dict[str, Any]:
    """The one manifest of a kind in a file."""
    (found,) = [each for each in manifests(name) if each["kind"] == kind]
    return found


WORKLOADS = {"deployment.yaml": "Deployment", "sqlite.yaml": "StatefulSet"}


def pod(name: str) -> dict[str, Any]:
    """The pod that a workload makes."""
    spec: dict[str, Any] = one(name, WORKLOADS[name])["spec"]["template"]["spec"]
    return spec


def test_every_file_is_explained() -> None:
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    files = [path.relative_to(ROOT) for path in DEPLOY.rglob("*") if path.is_file()]
    assert len(files) > 10
    assert [str(file) for file in files if f"](../{file})" not in page] == []


def unit(name: str) -> dict[str, list[str]]:
    """A unit's settings; each may be given several times."""
    found: dict[str, list[str]] = {}
    for line in (DEPLOY / "systemd" / name).read_text(encoding="utf-8").splitlines():
        setting, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(setting, []).append(value)
    return found


def test_the_unit_stops_it_kindly_and_holds_it_fast() -> None:
    bot = unit("tocsin.service")
    assert bot["KillSignal"] == ["SIGTERM"] and int(bot["TimeoutStopSec"][0]) > STOPS_WITHIN
    assert bot["Restart"] == ["always"] and bot["RestartPreventExitStatus"] == ["2"]
    assert bot["User"] == ["tocsin"] and bot["ProtectSystem"] == ["strict"] and bot["NoNewPrivileges"] == ["yes"]
    assert bot["ExecStart"] == ["/srv/tocsin/.venv/bin/tocsin run"]
    folders = bot["StateDirectory"][0].split()
    assert f"/var/lib/{folders[0]}" == bot["WorkingDirectory"][0]
    default = str(Settings.model_fields["database_url"].default)
    assert f"{folders[0]}/{Path(default.removeprefix('sqlite:///')).parent}" in folders, "the default can be written"
    kept = unit("tocsin-backup.service")
    assert "tocsin backup" in kept["ExecStart"][0] and kept["WorkingDirectory"] == bot["WorkingDirectory"]
    assert kept["User"] == bot["User"] and kept["EnvironmentFile"] == bot["EnvironmentFile"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not on this machine")
@pytest.mark.parametrize("name", ["tocsin.service", "tocsin-backup.service", "tocsin-backup.timer"])
def test_systemd_finds_nothing_wrong_with_a_unit(name: str) -> None:
    words = ["systemd-analyze", "verify", "--man=no", str(DEPLOY / "systemd" / name)]
    ran = subprocess.run(words, capture_output=True, text=True, check=False)
    complaints = [line for line in (ran.stdout + ran.stderr).splitlines() if name in line]
    assert [line for line in complaints if "is not executable" not in line] == []


def instructions() -> list[tuple[str, str]]:
    """The container file, an instruction each."""
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    lines = re.sub(r"\\\n", " ", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)).splitlines()
    return [(word, rest.strip()) for line in lines if line for word, _, rest in [line.partition(" ")]]


def test_the_image_is_made_of_pinned_parts_and_runs_as_nobody_in_particular() -> None:
    told = instructions()
    bases = [rest.split()[0] for word, rest in told if word == "FROM"]
    assert len(bases) == 2 and all(re.fullmatch(r"python:3\.\d+-slim", base) for base in bases), "no registry is named"
    installs = [rest for word, rest in told if word == "RUN" and "pip install" in rest]
    assert all("--require-hashes" in rest or "--no-deps --no-build-isolation" in rest for rest in installs)
    last = dict(told[max(n for n, (word, _) in enumerate(told) if word == "FROM") :])
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", last["USER"])
    assert last["STOPSIGNAL"] == "SIGTERM" and "/healthz" in last["HEALTHCHECK"]
    assert (last["ENTRYPOINT"], last["CMD"]) == ('["tocsin"]', '["run"]'), "no shell takes the signal"
    assert last["VOLUME"] == f"{last['WORKDIR']}/var"


def test_nothing_secret_can_get_into_the_image() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    copied = {
        source
        for word, rest in instructions()
        if word == "COPY" and not rest.startswith("--from")
        for source in rest.split()[:-1]
    }
    assert {rule.removeprefix("!") for rule in rules if rule.startswith("!")} == copied
    assert all((ROOT / each).exists() for each in copied)


def test_the_kustomization_names_what_is_there() -> None:
    (told,) = manifests("kustomization.yaml")
    assert set(told["resources"]) | {"kustomization.yaml", "sqlite.yaml"} == set(KUBERNETES)
    spaces = {each.get("metadata", {}).get("namespace") for name in told["resources"] for each in manifests(name)}
    assert spaces <= {None, told["namespace"]}


@pytest.mark.parametrize("name", WORKLOADS)
def test_a_pod_may_do_no_more_than_it_must(name: str) -> None:
    spec = pod(name)
    assert spec["securityContext"]["runAsNonRoot"] is True and spec["automountServiceAccountToken"] is False
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    uid = dict(instructions())["USER"].partition(":")[0]
    assert str(spec["securityContext"]["runAsUser"]) == uid == str(spec["securityContext"]["fsGroup"])
    for each in (*spec.get("initContainers", []), *spec["containers"]):
        confined = each["securityContext"]
        assert confined["readOnlyRootFilesystem"] is True and confined["allowPrivilegeEscalation"] is False
        assert confined["capabilities"] == {"drop": ["ALL"]}
        assert each["resources"]["limits"]["memory"] == "512Mi" and "cpu" not in each["resources"]["limits"]
        assert {room["mountPath"] for room in each["volumeMounts"]} == {dict(instructions())["VOLUME"], "/tmp"}  # noqa: S108


@pytest.mark.parametrize("name", WORKLOADS)
def test_a_pod_is_asked_what_it_can_answer_and_given_time_to_end(name: str) -> None:
    spec = pod(name)
    (bot,) = spec["containers"]
    assert bot["args"] == ["run"]
    for probe, path in (("startupProbe", "/healthz"), ("livenessProbe", "/healthz"), ("readinessProbe", "/readyz")):
        assert bot[probe]["httpGet"]["path"] == path
    assert bot["readinessProbe"]["timeoutSeconds"] > WAITS_FOR_DATABASE
    slept = int(bot["lifecycle"]["preStop"]["exec"]["command"][1])
    assert spec["terminationGracePeriodSeconds"] > slept + STOPS_WITHIN


def test_a_rolling_deploy_migrates_first_and_leaves_no_moment_without_a_copy() -> None:
    told = one("deployment.yaml", "Deployment")["spec"]
    (migrate,) = told["template"]["spec"]["initContainers"]
    assert migrate["args"] == ["migrate"] and migrate["envFrom"] == told["template"]["spec"]["containers"][0]["envFrom"]
    assert told["replicas"] > 1 and told["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}
    budget = one("disruption.yaml", "PodDisruptionBudget")["spec"]
    assert 1 <= budget["minAvailable"] < told["replicas"]
    labels = told["template"]["metadata"]["labels"].items()
    for selector in (budget["selector"]["matchLabels"], told["selector"]["matchLabels"]):
        assert selector.items() <= labels
    for service in manifests("services.yaml"):
        assert service["spec"]["selector"].items() <= labels
    assert {
        each["metadata"]["name"]: each["spec"].get("publishNotReadyAddresses") for each in manifests("services.yaml")
    } == {
        "tocsin": None,
        "tocsin-status": True,
    }


def test_sqlite_has_one_copy_with_a_disk_of_its_own() -> None:
    told = one("sqlite.yaml", "StatefulSet")["spec"]
    (bot,) = told["template"]["spec"]["containers"]
    assert told["replicas"] == 1
    assert {"name": "DATABASE_URL", "value": "sqlite:///var/tocsin.db"} in bot["env"]
    assert [claim["metadata"]["name"] for claim in told["volumeClaimTemplates"]] == ["var"]


def test_what_is_set_is_a_setting_and_no_secret_is_written_down() -> None:
    plain = one("settings.yaml", "ConfigMap")["data"]
    secret = one("secret.yaml", "Secret")["stringData"]
    assert set(plain) | set(secret) <= set(all_settings())
    assert {name for name, value in secret.items() if value and name != "DATABASE_URL"} == set()
