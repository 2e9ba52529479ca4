"""What the doctor examines about the public page: where it is, and whether its copy can be written."""

from collections.abc import Sequence

from adapters.publicpage.files import Copy
from adapters.publicpage.settings import PageSettings, component_names
from bot.doctor import Finding, doubt, fine, wrong
from bot.playbook.shape import Playbook

WHAT = "Public page"


def examine(playbooks: Sequence[Playbook], *, port: int, settings: PageSettings | None = None) -> list[Finding]:
    """One finding; none where there is no page, and none was asked for."""
    settings = settings or PageSettings()
    if not settings.on(playbooks):
        return []
    folder, address = settings.status_page_dir, settings.address(port)
    try:
        Copy(folder).try_out()
    except OSError as no:
        mend = "STATUS_PAGE_DIR has to be a folder that the user who runs the bot may write in."
        return [wrong("publicpage.folder", WHAT, f"{folder} cannot be written ({no.strerror})", mend)]
    said = f"at {address}, written to {folder}"
    if not settings.public_url:
        mend = "Set PUBLIC_URL to the bot's address for the world: feeds lead to this machine until then."
        return [doubt("publicpage.address", WHAT, said, mend)]
    if not component_names(playbooks):
        mend = "Name them under `status_page.components` of a playbook."
        return [doubt("publicpage.components", WHAT, f"{said}; it lists no components", mend)]
    return [fine(WHAT, said)]
