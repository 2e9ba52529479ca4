"""What is offered beside a draft, and what plain words leave out once it is over."""

from datetime import timedelta

from bot.messages import drafts
from bot.playbook.process import Stage
from tests.core.test_templates import NOW, incident, playbook


def test_no_draft_is_offered_for_a_moment_of_which_customers_are_not_told() -> None:
    known = playbook(templates={})
    offered = [button.does.rpartition(" draft ")[2] for button in drafts.draft(incident(), known, "identified").buttons]
    untold = {one.name for one in known.statuses if one.stage in (Stage.CLOSED, Stage.CANCELLED)}
    assert untold and not untold & set(offered) and "identified" not in offered and "monitoring" in offered


def test_no_next_update_is_promised_of_what_is_resolved() -> None:
    open_one = incident()
    assert "Next update by " in drafts.usual(open_one, playbook(templates={}), "identified")
    over = incident(status="resolved", stage=Stage.RESOLVED, resolved_at=NOW + timedelta(minutes=5))
    over.reminding.due_at = open_one.reminding.due_at
    assert "Next update by " not in drafts.usual(over, playbook(templates={}), "resolved")
