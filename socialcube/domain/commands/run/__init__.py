"""Running a command, for a person on the platform or as a dry run."""

from socialcube.domain.commands.run.gate import Gate
from socialcube.domain.commands.run.report import RunReport
from socialcube.domain.commands.run.running import run_command
from socialcube.domain.commands.run.trying import SCENE, Scene, Trial, try_command

__all__ = ["SCENE", "Gate", "RunReport", "Scene", "Trial", "run_command", "try_command"]
