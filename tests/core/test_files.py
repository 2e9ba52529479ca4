"""A file's name is safe on any machine, and its text keeps to a limit."""

import pytest

from bot.files import LONGEST, file_bytes, file_name


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("postmortem-42.md", "postmortem-42.md"),
        ("../../etc/passwd", "etc-passwd"),
        ("a/b\\c:d.md", "a-b-c-d.md"),
        ("two\nlines\r\n.md", "two lines .md"),
        ('"quoted"; filename="x".md', "quoted-; filename=-x-.md"),
        ("\u202efdp.exe", "fdp.exe"),
        ("תקלה בתשלומים.md", "תקלה בתשלומים.md"),
        ("نمی\u200cشود.md", "نمی\u200cشود.md"),
        ("🔥 checkout 👩‍🚒.md", "🔥 checkout 👩‍🚒.md"),
        ("", "file.txt"),
        ("\n/..", "file.txt"),
        ("\ud800.md", "md"),
    ],
)
def test_a_name_leads_nowhere_and_hides_nothing(wanted: str, name: str) -> None:
    assert file_name(wanted) == name


def test_a_long_name_keeps_its_ending() -> None:
    assert file_name("x" * 300 + ".md") == "x" * (LONGEST - 3) + ".md"
    assert len(file_name("." + "x" * 300)) == LONGEST


def test_a_text_is_never_empty_and_never_breaks() -> None:
    assert file_bytes("", 100) == b"\n"
    assert file_bytes("a\ud800b", 100) == b"a?b"


def test_what_is_beyond_the_limit_is_cut_between_characters_and_said() -> None:
    cut = file_bytes("🔥" * 1000, 1000)
    assert len(cut) <= 1000
    assert cut.decode() == "🔥" * 235 + "\n… (cut: 765 more characters)\n"
