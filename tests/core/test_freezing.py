"""Which addresses are of one change."""

import pytest

from bot.freezing import same

PULL = "https://github.com/acme/shop/pull/7"


@pytest.mark.parametrize(
    "other", [f"{PULL}/", f"{PULL}#discussion", f"{PULL}/#", "HTTPS://GitHub.com/acme/shop/pull/7"]
)
def test_case_of_the_host_a_slash_at_the_end_and_a_place_on_the_page_do_not_matter(other: str) -> None:
    assert same(PULL, other) and same(other, PULL)


@pytest.mark.parametrize(
    "other", [f"{PULL}7", f"{PULL}/files", f"{PULL}?w=1", "http://github.com/acme/shop/pull/7",
              "https://github.com/acme/Shop/pull/7", "https://git.example/acme/shop/pull/7"],
)  # fmt: skip
def test_all_else_is_another_change(other: str) -> None:
    assert not same(PULL, other) and not same(other, PULL)


def test_what_is_no_address_is_of_itself_alone() -> None:
    assert same("https://[", "https://[")
    assert not same("https://[", "https://[x") and not same("https://[", PULL)
