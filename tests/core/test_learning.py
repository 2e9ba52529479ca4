"""What comes back from outside chat finds somebody who takes it."""

from typing import get_args

from bot.learned import Outcome
from bot.learning import TAKEN


def test_every_outcome_is_taken_by_somebody() -> None:
    assert set(TAKEN) == set(get_args(Outcome))
