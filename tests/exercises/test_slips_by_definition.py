"""What wrong methods give, worked out again from their names."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy

from generator.draw import LEVELS
from generator.exercise import Instance, Registry, make_instance


def slips(instance: Instance, part: str) -> dict[str, Any]:
    return {slip.name: slip.value for slip in instance.slips if slip.part == part}


def instances(registry: Registry, slug: str) -> list[Instance]:
    return [make_instance(registry.get(slug), f"{n}/slips", level) for level in LEVELS for n in range(3)]


def test_wrong_steps_of_weight_decay(registry: Registry) -> None:
    for instance in instances(registry, "likelihood/weight-decay-penalty"):
        decay, rate = (Fraction(instance.parameters[name]) for name in ("decay", "learning_rate"))
        start = [Fraction(entry) for entry in instance.parameters["start"]]
        # The right step is (1 - decay) x - rate g, from which the slopes g follow.
        slopes = [((1 - decay) * x - new) / rate for x, new in zip(start, instance.solution["c"].answer, strict=True)]
        found, pairs = slips(instance, "c"), list(zip(start, slopes, strict=True))
        half = r"penalty with $\lambda / 2$ as its coefficient"
        assert found.get(half, ()) in ((), tuple(x - rate * (g + decay * x) for x, g in pairs))
        assert found.get("learning rate forgotten", ()) in ((), tuple((1 - decay) * x - g for x, g in pairs))
        assert {half, "learning rate forgotten"} & found.keys()


def test_a_lost_factor_of_a_penalty(registry: Registry) -> None:
    for instance in instances(registry, "likelihood/map-prior-penalty"):
        right, found = instance.solution["d"].answer, slips(instance, "d")
        if isinstance(right, int | Fraction) and "twice too large: a factor 1/2 lost" in found:
            assert found["twice too large: a factor 1/2 lost"] == 2 * right
            return
    raise AssertionError("no instance has this slip")


def test_one_slip_of_a_curve_leaves_the_other_quantity_right(registry: Registry) -> None:
    for instance in instances(registry, "regression/logistic-regression-loss"):
        right = instance.solution["a2"].answer
        for name, kept in (("minus sign of the crossing lost", "m"), ("slope parameter taken for the slope", "c")):
            wrong = slips(instance, "a2")[name]
            assert {key: wrong[key] for key in right if key[0] == kept} == {
                key: right[key] for key in right if key[0] == kept
            }


def test_a_forgotten_input_leaves_the_message(registry: Registry) -> None:
    for instance in instances(registry, "layers/softmax-cross-entropy-chain"):
        right, (x,) = instance.solution["d"].answer, sympy.symbols("x_i,")
        assert sympy.simplify(slips(instance, "d")["input forgotten"] - right.subs(x, 1)) == 0
