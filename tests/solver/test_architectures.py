from __future__ import annotations

import pytest

from generator.solver.architectures import ARCHITECTURES, Name
from generator.solver.parameter_counts import costs

# As documented for torchvision's models; LeNet-5 by hand: 156 + 2416 + 48120 + 10164 + 850.
TOTALS: dict[Name, int] = {
    "lenet5": 61_706,
    "alexnet": 61_100_840,
    "vgg11": 132_863_336,
    "vgg13": 133_047_848,
    "vgg16": 138_357_544,
    "vgg19": 143_667_240,
    "vgg11_bn": 132_868_840,
    "vgg13_bn": 133_053_736,
    "vgg16_bn": 138_365_992,
    "vgg19_bn": 143_678_248,
}


def test_every_architecture_is_tested() -> None:
    assert TOTALS.keys() == ARCHITECTURES.keys()


@pytest.mark.parametrize("name", TOTALS)
def test_totals_are_the_published_ones(name: Name) -> None:
    plan = ARCHITECTURES[name]
    assert sum(cost.parameters for cost in costs(plan.channels, plan.side, plan.layers)) == TOTALS[name]


@pytest.mark.parametrize("name", TOTALS)
def test_against_torchvision(name: Name) -> None:
    models = pytest.importorskip("torchvision").models
    if not hasattr(models, name):
        pytest.skip("not one of torchvision's models")
    network = getattr(models, name)(weights=None)
    found = [sum(p.numel() for p in module.parameters()) for module in network.modules() if not list(module.children())]
    plan = ARCHITECTURES[name]
    expected = [cost.parameters for cost in costs(plan.channels, plan.side, plan.layers)]
    assert [count for count in found if count] == [count for count in expected if count]


@pytest.mark.parametrize(("name", "billions"), [("alexnet", 0.71), ("vgg11", 7.61), ("vgg16", 15.47), ("vgg19", 19.63)])
def test_operations_are_the_published_ones(name: Name, billions: float) -> None:
    plan = ARCHITECTURES[name]
    count = sum(cost.operations for cost in costs(plan.channels, plan.side, plan.layers))
    assert count / 1e9 == pytest.approx(billions, abs=0.006)


def test_sizes_of_lenet_by_hand() -> None:
    plan = ARCHITECTURES["lenet5"]
    assert [(cost.name, cost.channels, cost.side) for cost in costs(plan.channels, plan.side, plan.layers)] == [
        ("conv1", 6, 28),
        ("pool1", 6, 14),
        ("conv2", 16, 10),
        ("pool2", 16, 5),
        ("fc1", 120, 1),
        ("fc2", 84, 1),
        ("fc3", 10, 1),
    ]
