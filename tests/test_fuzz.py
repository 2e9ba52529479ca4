"""A slice of ``make fuzz``: a few inputs for each target, always the same, and nothing but clear answers."""

import pytest

from tests.fuzz.__main__ import run
from tests.fuzz.found import TooLong, Wrong, from_exception, within
from tests.fuzz.target import clipped
from tests.fuzz.targets import TARGETS

SEED = 7
INPUTS = {"phrases": 200, "calendars-and-freeze": 100, "calendar-feeds": 60, "playbooks": 15}
"""Where others than 25 take about as long."""


@pytest.mark.parametrize("name", TARGETS)
async def test_a_few_wrong_inputs_are_answered_clearly(name: str) -> None:
    outcome = await run(name, TARGETS[name], INPUTS.get(name, 25), seed=SEED, first=0)
    found = [f"{case.found.sign}: {clipped(repr(case.given))}\n{case.found.says}" for case in outcome.cases]
    assert not found, "\n".join(found)
    assert outcome.kinds.total() == outcome.inputs


def test_what_computes_for_ever_is_found() -> None:
    with pytest.raises(TooLong), within(0.05):
        while True:
            pass


def test_the_same_fault_has_one_sign_whatever_was_said() -> None:
    signs = {from_exception(Wrong("it does not end", f"Nothing was saved: {words}")).sign for words in ("one", "two")}
    assert len(signs) == 1
