"""The contract of an exercise type, its parts and answers, the registry of all types, and the making of an instance."""

from generator.exercise.contract import (
    Check,
    Condition,
    Exercise,
    Kind,
    Part,
    Slip,
    Solution,
    Space,
    agree,
    exercise,
    must,
    wanted,
)
from generator.exercise.effort import effort_of
from generator.exercise.fields import Between, Length, OneOrMore, Rectangular, parameters_of
from generator.exercise.instance import Instance, make_instance
from generator.exercise.registry import ExerciseType, Registry, load_registry

__all__ = [
    "Between",
    "Check",
    "Condition",
    "Exercise",
    "ExerciseType",
    "Instance",
    "Kind",
    "Length",
    "OneOrMore",
    "Part",
    "Rectangular",
    "Registry",
    "Slip",
    "Solution",
    "Space",
    "agree",
    "effort_of",
    "exercise",
    "load_registry",
    "make_instance",
    "must",
    "parameters_of",
    "wanted",
]
