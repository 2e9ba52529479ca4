"""Loading by name: no garbage is looked for meanwhile, nor afterwards among what was loaded."""

import gc
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.loading import named

MODULE = "import gc\nLOOKED = gc.isenabled()\n"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A package, loaded by nobody yet, whose module notes whether garbage is looked for while it is loaded."""
    folder = tmp_path / "shelf_for_loading"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "module.py").write_text(MODULE)
    (folder / "broken.py").write_text("raise RuntimeError\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield folder.name
    for name in [name for name in sys.modules if name.startswith(folder.name)]:
        del sys.modules[name]


def test_no_garbage_is_looked_for_while_a_module_is_loaded(place: str) -> None:
    assert named(f"{place}.module", "LOOKED") is False
    assert gc.isenabled()
    with pytest.raises(RuntimeError):
        named(f"{place}.broken", "LOOKED")
    assert gc.isenabled()
    assert f"{place}.broken" not in sys.modules


def test_who_looks_for_none_is_left_alone(place: str) -> None:
    gc.disable()
    try:
        named(f"{place}.module", "LOOKED")
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_what_was_loaded_is_left_out_of_later_looks_once(place: str) -> None:
    before = gc.get_freeze_count()
    named(f"{place}.module", "LOOKED")
    frozen = gc.get_freeze_count()
    made: list[list[int]] = [[] for _ in range(100)]
    named(f"{place}.module", "LOOKED")
    assert frozen > before
    assert gc.get_freeze_count() < frozen + len(made), "the second call has frozen what others made"
