"""What goes wrong: one file for each kind, and all of them in the order in which they are run."""

from tests.chaos.disorders.clock import ClockJumps
from tests.chaos.disorders.database import Restarted, WithoutDatabase, WrongLine
from tests.chaos.disorders.disk import DiskFull
from tests.chaos.disorders.disorder import Disorder
from tests.chaos.disorders.kills import Kills, ThreeReplicas
from tests.chaos.disorders.network import Network
from tests.chaos.disorders.platforms import Limits, WithoutPlatforms
from tests.chaos.disorders.rolling import RollingDeploy

DISORDERS: tuple[type[Disorder], ...] = (
    Kills, ThreeReplicas, Limits, Network, WrongLine, Restarted, ClockJumps, DiskFull, RollingDeploy,
    WithoutDatabase, WithoutPlatforms,
)  # fmt: skip

__all__ = ["DISORDERS", "Disorder", "Kills"]
