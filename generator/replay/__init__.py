"""Reads finished working and recomputes what it says; knows nothing of how solutions are made.

`replay` recomputes every equality between numbers exactly; `read` compares formulas with letters at made-up numbers and
at those given, and looks for numbers that come from nowhere.
"""

from generator.replay.arithmetic import NotNumericError, evaluate
from generator.replay.chains import Miss, Replay, replay
from generator.replay.judge import Unjudged
from generator.replay.reading import Reading, read
from generator.replay.strays import Stray

__all__ = ["Miss", "NotNumericError", "Reading", "Replay", "Stray", "Unjudged", "evaluate", "read", "replay"]
