"""``python -m tests.chaos.bot run``: the bot as it is, by a clock that the chaos moves."""

import os
from pathlib import Path

from bot.composition import main
from tests.chaos.clocks import SETTING, WrongClock


def live() -> None:
    """The console script."""
    main(WrongClock(Path(os.environ[SETTING])))


if __name__ == "__main__":
    live()
