"""The console script: loads the composition root as everything is loaded, without a look for garbage meanwhile."""

from bot.loading import named


def main() -> None:
    """``tocsin``, and ``python -m bot``."""
    named("bot.composition", "main")()


if __name__ == "__main__":
    main()
