"""One person from several accounts: the playbook first, then what they linked."""

from bot.accounts import Account, Several, known, lacking
from bot.people import Person, stranger
from bot.playbook.shape import Playbook
from tests.support.story import default

HERE, THERE = stranger("slack", "U1", "ana"), stranger("discord", "11", "Ana Reyes")
LINKED = [Account("slack", "U1", "slack:U1", "ana"), Account("discord", "11", "slack:U1", "Ana Reyes")]
BOTH = {"slack": "U1", "discord": "11"}


def knowing(*people: Person) -> Playbook:
    """The default playbook with these people."""
    return default().model_copy(update={"people": people})


def test_without_a_link_everybody_is_who_the_playbook_says() -> None:
    ana = Person(key="ana", name="Ana", handles={"slack": "U1"})
    assert known(HERE, default()) is HERE
    assert known(HERE, knowing(ana)) is ana


def test_whichever_account_speaks_it_is_one_person_by_the_fuller_name() -> None:
    one, other = known(HERE, default(), LINKED), known(THERE, default(), LINKED)
    assert one == other == Person(key="slack:U1", name="Ana Reyes", handles=BOTH)
    assert lacking(one, ("slack", "discord")) == [] and lacking(HERE, ("slack", "discord")) == ["discord"]


def test_somebody_elses_links_mean_nothing() -> None:
    bo = stranger("slack", "U2", "bo")
    assert known(bo, default(), LINKED) is bo


def test_a_link_adds_the_account_that_the_playbook_does_not_speak_of() -> None:
    playbook = knowing(Person(key="ana", name="Ana of the playbook", handles={"slack": "U1"}))
    for person in (HERE, THERE):
        found = known(person, playbook, LINKED)
        assert (found.key, found.name, found.handles) == ("ana", "Ana of the playbook", BOTH)


def test_an_account_that_the_playbook_gives_to_another_stays_theirs() -> None:
    ana = Person(key="ana", name="Ana", handles={"slack": "U1"})
    bo = Person(key="bo", name="Bo", handles={"discord": "11"})
    assert known(HERE, knowing(ana, bo), LINKED) == ana
    assert known(THERE, knowing(ana, bo), LINKED) == bo


def test_a_person_to_whom_the_playbook_gives_another_account_is_not_this_one() -> None:
    ana = Person(key="ana", name="Ana", handles={"slack": "U1", "discord": "12"})
    assert known(HERE, knowing(ana), LINKED) == ana
    assert known(THERE, knowing(ana), LINKED) is THERE


def test_keys_are_ones_own_and_those_of_each_account_alone() -> None:
    assert known(HERE, default(), LINKED).keys == {"slack:U1", "discord:11"}
    assert Person(key="ana", name="Ana", handles={"slack": "U1"}).keys == {"ana", "slack:U1"}


def test_of_several_playbooks_whichever_knows_one_of_the_accounts_says_who_it_is() -> None:
    ana, bo = Person(key="ana", name="Ana", handles={"discord": "11"}), Person(key="bo", name="Bo")
    both = Several((knowing(bo), knowing(ana)))
    for person in (HERE, THERE):
        assert known(person, both, LINKED) == Person(key="ana", name="Ana", handles=BOTH)
    assert known(HERE, both) is HERE
    taken = Several((knowing(Person(key="x", name="X", handles={"slack": "U1"})), knowing(ana)))
    assert known(THERE, taken, LINKED) == ana, "the first playbook gives the other account to somebody else"
