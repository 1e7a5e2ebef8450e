import inspect
import pickle

import pytest

from generator import errors

EXAMPLES = [
    errors.UnknownNameError("exam.toml line 3", "exercise", "conv2", ("convolution/conv2d", "layers/relu")),
    errors.PinError("convolution/conv2d", "input", "expected a list, got 3"),
    errors.ConditionError("convolution/conv2d", "the kernel fits", ("kernel",)),
    errors.DrawError("convolution/conv2d", "1/1/q", "no ties", 2000),
    errors.DisagreementError("convolution/conv2d", "1/1/q", "a", "finite differences", "1", "2"),
    errors.ReplayError("convolution/conv2d", "1/1/q", "part a", "2 + 2 = 5"),
    errors.AnswerError("convolution/conv2d", "a", "0.5 is a float"),
    errors.TemplateError("convolution/conv2d", 7, "'x' is undefined"),
    errors.TimeLimitError("convolution/conv2d", 60.0),
    errors.PackError("folder", "not a pack"),
]


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_errors_survive_the_way_between_processes(error: errors.ExamwrightError) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error)
    assert str(copy) == str(error)
    assert "\n" not in str(error)


def test_every_error_has_an_example() -> None:
    defined = {thing for _, thing in inspect.getmembers(errors, inspect.isclass) if thing.__module__ == errors.__name__}
    assert defined - {errors.ExamwrightError} == {type(error) for error in EXAMPLES}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("convolution/conv2", "convolution/conv2d"),
        ("relu", "layers/relu"),
        ("conv2d", "convolution/conv2d"),
        ("zzz", "choose one of"),
    ],
)
def test_the_nearest_valid_name_is_offered(name: str, said: str) -> None:
    assert said in errors.nearest(name, ("convolution/conv2d", "layers/relu"))
