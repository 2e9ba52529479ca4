"""Files beside a playbook, and several playbooks side by side."""

import os
from pathlib import Path

import pytest

from bot.playbook.files import LARGEST
from bot.playbook.load import BadPlaybook, load
from bot.playbook.several import load_all
from bot.playbook.shape import Playbook
from bot.settings import SHIPPED, Settings

SMALL = """\
name: small
title: Small
severities: [{name: sev1, meaning: It is down}]
roles: [{name: lead, title: Lead}]
commander: lead
ladder: [{rings: [lead]}]
fields: [{name: cause, title: Cause}]
"""
BOOK = "runbooks: [{title: Database, file: runbooks/database.md, words: [db]}]\n"


def write(folder: Path, files: dict[str, str | bytes], text: str = SMALL) -> Path:
    """A playbook's folder with these files in it."""
    for name, content in {"playbook.yaml": text, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def problems(folder: Path) -> list[str]:
    """What is wrong with it, each without its folder."""
    with pytest.raises(BadPlaybook) as found:
        load(folder)
    return [str(problem).removeprefix(f"{folder}/") for problem in found.value.problems]


def test_templates_and_runbooks_beside_a_playbook_are_part_of_it(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "templates/announcement.j2": "{{ severity }}: {{ title }}\r\n",
        "templates/first_update.j2": "\ufeffWhat we see: {{ impact }}",
        "templates/customers/identified.j2": "We know.",
        "templates/customers/email.j2": "Dear customer",
        "runbooks/database.md": "1. Look\n2. Mend\n",
        "templates/README.md": "not a template",
        "notes.txt": "x",
    }
    own = f"{SMALL}{BOOK}templates: {{topic: '{{{{ title }}}}', customers: {{investigating: We look.}}}}\n"
    playbook = load(write(tmp_path, files, own))
    words = playbook.templates
    assert words.announcement == "{{ severity }}: {{ title }}" and words.topic == "{{ title }}"
    assert words.first_update == "What we see: {{ impact }}"
    assert words.customers == {"investigating": "We look.", "identified": "We know.", "email": "Dear customer"}
    (book,) = playbook.runbooks
    assert (book.text, book.file, book.matches("the db is gone")) == ("1. Look\n2. Mend", "", True)

    kept = Playbook.model_validate_json(playbook.model_dump_json())
    assert kept == playbook and kept.version == playbook.version
    (tmp_path / "templates/announcement.j2").write_text("other words")
    assert load(tmp_path).version != playbook.version


@pytest.mark.parametrize("name", ["../secret.md", "/etc/passwd", "runbooks/../../secret.md", "runbooks\\\\x.md", ""])
def test_a_file_outside_the_playbooks_folder_is_not_read(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.md").write_text("a secret")
    folder = write(tmp_path / "ours", {}, SMALL + BOOK.replace("runbooks/database.md", f'"{name}"'))
    (found,) = problems(folder)
    assert found.startswith("playbook.yaml:8: runbooks[0].file: ")
    assert found.endswith("expected a file within the playbook's folder, such as runbooks/database.md")


@pytest.mark.parametrize("link", ["runbooks/database.md", "runbooks", "templates/update.j2", "templates"])
def test_a_link_is_not_followed(tmp_path: Path, link: str) -> None:
    (tmp_path / "secret").mkdir()
    for name in ("database.md", "update.j2"):
        (tmp_path / "secret" / name).write_text("a secret")
    folder = write(tmp_path / "ours", {}, SMALL + (BOOK if "runbooks" in link else ""))
    target = tmp_path / "secret" if "." not in link else tmp_path / "secret" / Path(link).name
    (folder / link).parent.mkdir(exist_ok=True)
    (folder / link).symlink_to(target)
    (found,) = problems(folder)
    assert "found the link “" in found and "expected the file itself" in found and "a secret" not in found


def test_what_is_no_bounded_utf_8_file_is_told_with_its_own_name(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "templates/update.j2": b"\xff\xfe\x00",
        "templates/resolution.j2": b"x" * (LARGEST + 1),
        "templates/topic.j2": "x" * 401,
        "templates/anouncement.j2": "x",
        "runbooks/database.md": "x" * 3001,
    }
    found = problems(write(tmp_path, files, SMALL + BOOK))
    for says in (
        "templates/update.j2:1: found the byte 0xff, expected text in UTF-8",
        "templates/resolution.j2:1: found more than 64 KiB, expected a shorter file",
        "templates/topic.j2:1: templates.topic: found 401 characters, expected at most 400",
        "templates/anouncement.j2:1: found a template “anouncement”, expected “announcement.j2”",
        "runbooks/database.md:1: runbooks[0].text: found 3001 characters, expected at most 3000",
    ):
        assert says in found, found


def test_a_pipe_is_no_file_and_holds_nothing_up(tmp_path: Path) -> None:
    folder = write(tmp_path, {}, SMALL + BOOK)
    (folder / "runbooks").mkdir()
    os.mkfifo(folder / "runbooks/database.md")
    (found,) = problems(folder)
    assert found.endswith("found no file “runbooks/database.md”, expected one in the playbook's folder")


def test_what_is_said_twice_is_told(tmp_path: Path) -> None:
    text = SMALL + BOOK.replace("words", "text: hello, words") + "templates: {update: '{{ update }}'}\n"
    found = problems(write(tmp_path, {"templates/update.j2": "x", "runbooks/database.md": "x"}, text))
    assert found == [
        "playbook.yaml:8: runbooks[0].file: found a file beside a text, expected one of the two",
        "templates/update.j2:1: found a template that the playbook holds too, expected one of the two",
    ]


def test_a_bad_template_is_told_with_its_file_and_line(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "templates/announcement.j2": "one\ntwo {{ sevrity }}",
        "templates/customers/identified.j2": "{{ fields.couse }}",
    }
    text = SMALL + "channel: '{{ title }}'\ntemplates:\n  topic: '{{ update }}'\n"
    text += "  customers:\n    email: '{% set a = 1 %}'\n"
    found = problems(write(tmp_path, files, text))
    for says in (
        "templates/announcement.j2:2: templates.announcement: found the unknown fact “sevrity” in its line 2, expected",
        "templates/customers/identified.j2:1: templates.customers.identified: found “fields.couse”, expected “cause”",
        "playbook.yaml:8: channel: found the unknown fact “title”, expected one of date, number, severity, slug",
        "playbook.yaml:10: templates.topic: found the unknown fact “update”, expected",
        "playbook.yaml:12: templates.customers.email: found a variable, expected only text, facts and “if”",
    ):
        assert any(one.startswith(says) for one in found), found


def test_a_wrong_shape_beside_files_is_told_and_nothing_breaks(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"templates/customers/email.j2": "x", "templates/update.j2": "x"}
    for wrong in ("templates: [1]", "templates: {customers: [1]}", "runbooks: {a: 1}", "runbooks: [1, {file: [x]}]"):
        assert problems(write(tmp_path, files, f"{SMALL}{wrong}\n"))


def several(folder: Path, *texts: str) -> list[str]:
    """What is wrong with several playbooks."""
    folders = [write(folder / str(place), {}, text) for place, text in enumerate(texts)]
    with pytest.raises(BadPlaybook) as found:
        load_all(folders)
    return [str(problem).removeprefix(f"{folder}/") for problem in found.value.problems]


def test_the_mistakes_of_all_playbooks_are_told_at_once(tmp_path: Path) -> None:
    found = several(tmp_path, SMALL.replace("title: Small", ""), SMALL.replace("commander", "comander"))
    assert "0/playbook.yaml:1: title: found no “title”, expected one" in found
    assert any(one.startswith("1/playbook.yaml:5: comander: found the unknown key") for one in found)


def test_two_playbooks_of_one_name_are_told(tmp_path: Path) -> None:
    (found,) = several(tmp_path, SMALL, SMALL.replace("Small", "Other"))
    assert found.startswith("1/playbook.yaml:1: name: found “small” as in ") and found.endswith("a name of its own")


def test_one_person_has_one_key_and_one_key_is_one_person(tmp_path: Path) -> None:
    def people(name: str, *people: str) -> str:
        return SMALL.replace("name: small", f"name: {name}") + f"people: [{', '.join(people)}]\n"

    ana = "{key: ana, name: Ana, handles: {slack: U1, discord: '1'}}"
    same = "{key: ana, name: Ana, handles: {slack: U1}}"
    renamed = "{key: anna, name: Ana, handles: {slack: U1}}"
    another = "{key: ana, name: Ana, handles: {slack: U2}}"
    bare = "{key: ana, name: Ana}"
    load_all([write(tmp_path / f"ok{n}", {}, people(f"ok{n}", one)) for n, one in enumerate((ana, same, bare))])
    (found,) = several(tmp_path / "a", people("x", ana), people("y", renamed))
    assert found.endswith("found “anna” for U1 on slack, expected “ana”, as the playbook x calls that person")
    (found,) = several(tmp_path / "b", people("x", ana), people("y", another))
    assert found.endswith("found “ana” for U2 on slack, expected another key than in the playbook x, where “ana” is U1")
    assert found.startswith("1/playbook.yaml:8: people[0].key: ")


def test_the_setting_names_one_or_several_by_name_or_path(tmp_path: Path) -> None:
    folders = Settings(playbook=f"default, {tmp_path},default").playbook_folders
    assert folders == (SHIPPED / "default", tmp_path)
    with pytest.raises(ValueError, match="it names no playbook"):
        Settings(playbook=" , ")
