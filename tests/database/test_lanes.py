"""The order of a lane, without any database."""

from hypothesis import given
from hypothesis import strategies as st

from adapters.database.lanes import Waiting, generation, settle


def test_a_channel_s_key_tells_its_generation() -> None:
    wanted = {"channel": 1, "channel/2": 2, "channel/12": 12, "channel/x": 0, "channels": 0, "post/2": 0, "": 0}
    assert {key: generation(key) for key in wanted} == wanted


KEYS = st.sampled_from(["channel", "channel/2", "a", "b", "c", "d", "e"])


@st.composite
def lanes(draw: st.DrawFn) -> list[Waiting]:
    """Lanes in which everything waits for earlier keys only, as the core owes them."""
    keys = draw(st.lists(KEYS, unique=True, max_size=7))
    lane: list[Waiting] = []
    for place, key in enumerate(keys):
        earlier = [each for each in keys[:place] if not generation(each)] or ["gone"]
        needs = draw(st.frozensets(st.sampled_from(earlier), max_size=2))
        after = draw(st.frozensets(st.sampled_from([*earlier, "gone"]), max_size=2))
        if not generation(key) and draw(st.booleans()):
            needs |= {"channel"}
        stream = None if generation(key) else draw(st.sampled_from([None, "one", "two"]))
        needs = frozenset() if generation(key) else needs
        after = frozenset() if generation(key) else after
        lane.append(Waiting(key, "post", stream, needs, after))
    return lane


@given(lanes())
def test_every_lane_comes_to_its_end_and_nothing_overtakes_what_it_needs(lane: list[Waiting]) -> None:
    open_keys = {each.key for each in lane}
    while lane:
        settle(lane)
        ready = [each for each in lane if each.ready]
        assert ready, "somebody is always ready"
        for each in ready:
            assert not (each.needs | each.after) & open_keys - {each.key}
            assert "channel" not in each.needs or not any(generation(key) for key in open_keys)
        first = ready[0]
        open_keys.discard(first.key)
        lane = [each for each in lane if each is not first]


@given(lanes())
def test_settling_twice_changes_nothing(lane: list[Waiting]) -> None:
    settle(lane)
    assert settle(lane) == []


def test_what_was_tried_and_has_to_wait_holds_up_only_those_who_need_it() -> None:
    refused = Waiting("invite", "invite", None, frozenset(), frozenset(), begun=True)
    polite = Waiting("card", "post", None, frozenset(), frozenset({"invite"}))
    needy = Waiting("pin", "pin", None, frozenset({"invite"}), frozenset())
    settle([refused, polite, needy])
    assert (polite.ready, needy.ready) == (True, False)


def test_what_is_being_tried_still_goes_first() -> None:
    held = Waiting("invite", "invite", None, frozenset(), frozenset(), begun=True, held=True)
    polite = Waiting("card", "post", None, frozenset(), frozenset({"invite"}))
    settle([held, polite])
    assert not polite.ready
