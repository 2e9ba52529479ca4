"""What the colour at a post's side says. Senders have many reds: it is the hue that counts."""

import colorsys

from bot.alerts.post import Colour

FAINT = 0.25
"""Below this saturation or brightness, a colour is a grey and says nothing."""
HUES = ((20, Colour.RED), (65, Colour.AMBER), (75, Colour.NONE), (170, Colour.GREEN), (335, Colour.NONE))
"""Degrees of hue up to which it is that colour; beyond the last it is red again."""


def colour(rgb: int | None) -> Colour:
    """What a colour says, given as ``0xRRGGBB``; ``None`` and 0 say nothing."""
    if rgb is None or not 0 < rgb <= 0xFFFFFF:
        return Colour.NONE
    red, green, blue = (part / 255 for part in rgb.to_bytes(3))
    hue, saturation, value = colorsys.rgb_to_hsv(red, green, blue)
    if saturation < FAINT or value < FAINT:
        return Colour.NONE
    return next((said for below, said in HUES if hue * 360 < below), Colour.RED)


def of_hex(text: str) -> int | None:
    """A colour written as ``#d63232`` or ``f00``; ``None`` where it is none."""
    bare = text.strip().removeprefix("#")
    doubled = "".join(sign * 2 for sign in bare) if len(bare) == 3 else bare
    try:
        return int(doubled, 16) if len(doubled) == 6 else None
    except ValueError:
        return None
