"""Packs of exercise types with something wrong in module or template: the skeleton with its text changed.

A module of a pack is Python that the instructor chose to run: it is stopped when it takes too long, but nothing keeps
it from doing harm, and none of these does. Its template is another matter: it runs in a sandbox.
"""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import strategies as st

from generator.exercise.registry import templates_folder
from tools.hostile_values import CODE, TEXTS, mangled, spoilt

MODULE, TEMPLATE = "exercises/topic/skeleton.py", "templates/topic/skeleton.md.j2"

MODULE_FAULTS = (
    ("import numpy as np", "import numpy as np\nimport nothing_of_this_name"),
    ("import numpy as np", "import numpy as np\nraise SystemExit(3)"),
    ("import numpy as np", "import numpy as np\n1 / 0"),
    ("import numpy as np", "import numpy as np\nprint('noise')"),
    ("import numpy as np", "import numpy as np\ndef f():\n    return f()\nf()"),
    ("import numpy as np", "import numpy as np\nwhile True:\n    pass"),
    ("return cls(weights, inputs)", "while True:\n            pass"),
    ("all(self.weights) and all(self.inputs)", "not any(False for _ in iter(int, 1))"),
    ("def slips(self)", "def pattern(self):\n        return any(False for _ in iter(int, 1))\n\n    def slips(self)"),
    ("class Skeleton(Exercise)", "class Skeleton"),
    ("class Skeleton(Exercise)", "class Skeleton(Exercise, int)"),
    ('@exercise(title="SKELETON TITLE")', ""),
    ('@exercise(title="SKELETON TITLE")', "@exercise(title=3)"),
    ('@exercise(title="SKELETON TITLE")', '@exercise(title="\\x00\u674e")'),
    ('@exercise(title="SKELETON TITLE")', '@exercise(title="x" * 9999)'),
    ('@exercise(title="SKELETON TITLE")', '@exercise(title="")'),
    ("@dataclass(frozen=True, slots=True)", ""),
    ("@dataclass(frozen=True, slots=True)", "@dataclass"),
    ("def solve(self)", "def solved(self)"),
    ("def check(self, solution", "def checked(self, solution"),
    ("return cls(weights, inputs)", "return None"),
    ("return cls(weights, inputs)", "raise ValueError('a\\nb' * 500)"),
    ("return cls(weights, inputs)", "return cls(weights)"),
    ("return cls(weights, inputs)", "return cls((0,), (0,))"),
    ("return cls(weights, inputs)", "return cls((0.5,), (1.5,))"),
    ("return cls(weights, inputs)", "return cls((10 ** 5000,), (1,))"),
    ("d.integers(SIZES[level], -5, 5)", "d.integers(SIZES[level], 5, -5)"),
    ("d.integers(SIZES[level], -5, 5)", "d.integers(10 ** 3, -5, 5)"),
    ("inputs: Annotated[tuple[Entry, ...], Length(1, 8)]", "inputs: list[float]"),
    ("inputs: Annotated[tuple[Entry, ...], Length(1, 8)]", "inputs: 'Unknown'"),
    ("len(self.weights) == len(self.inputs)", "False"),
    ("yield must(", "yield ("),
    ("all(self.weights) and all(self.inputs)", "1 / 0"),
    ("all(self.weights) and all(self.inputs)", "False"),
    ("return Solution((Part(", "return None and Solution((Part("),
    ("return Solution((Part(", "return self.solve() or Solution((Part("),
    ("return Solution((Part(", "return Solution(()) or Solution((Part("),
    ('Part("a", "integer"', 'Part("a", "nonsense"'),
    ('Part("a", "integer"', 'Part("a", "matrix"'),
    ('Part("a", "integer"', 'Part("", "integer"'),
    ('Part("a", "integer"', 'Part("(b)", "integer"'),
    ("work.result, 2", "None, 2"),
    ("work.result, 2", "float('nan'), 2"),
    ("work.result, 2", "work.result, 0"),
    ("work.result, 2", "work.result, -2"),
    ("work.result, 2", "work.result, 2.5"),
    ("work.result, 2", "10 ** 5000, 2"),
    ("work.result, 2", "'a' * 5000, 2"),
    ("yield agree(", "yield (lambda *args: None)("),
    ("yield agree(", "return (lambda *args: None)("),
    ('yield agree("a"', 'yield agree("z"'),
    ("int(np.dot(self.weights, self.inputs))", "1 / 0"),
    ("int(np.dot(self.weights, self.inputs))", "int(np.dot(self.weights, self.inputs)) + 1"),
    ('yield Slip("a"', 'yield Slip("z"'),
    ('yield Slip("a"', "yield 3, ("),
    ("size)\n", "object())\n"),
    ("zip(self.weights, self.inputs, strict=True)]", "zip(self.weights, self.inputs[1:], strict=True)]"),
    ("def slips(self)", "def figures(self, solution):\n        return {'x': 3}\n\n    def slips(self)"),
    ("def slips(self)", "def pattern(self):\n        return None\n\n    def slips(self)"),
    ("def slips(self)", "def pattern(self):\n        return 1 / 0\n\n    def slips(self)"),
)
"""What to replace in the module, and by what."""

TEMPLATES = (
    "<% for i in range(10 ** 9) %>x<% endfor %>",
    "<% for i in range(99999) %><% for j in range(99999) %><% endfor %><% endfor %>",
    "<% for i in range(99999) %><% for j in range(99999) %>x<% endfor %><% endfor %>",
    "<< 'x' * 10 ** 9 >>",
    "<< 10 ** 10 ** 10 >>",
    "<< ('%1000000000d' % 1) | length >>",
    "<< '{:1000000000}'.format(1) | length >>",
    "<< 'x' | center(1000000000) >>",
    "<< 'x' | indent(1000000000) >>",
    "<< lipsum(n=1000000) >>",
    "<< ([0] * 999999999) | length >>",
    "<% macro f() %><< f() >><% endmacro %><< f() >>",
    "<% macro f(n) %><% if n %><< f(n - 1) >><< f(n - 1) >><% endif %><% endmacro %><< f(99) >>",
    "<% set a = 'x' %>" + "<% set a = a ~ a %>" * 60 + "<< a >>",
    "<% set a = 'x' %>" + "<% set a = a + a %>" * 60 + "<< a | length >>",
    "<% set a = ['x'] %>" + "<% set a = [a, a] %>" * 60 + "<< a >>",
    "<% set a = 10 %>" + "<% set a = a * a %>" * 60 + "<< a >>",
    "<% set a = 'x' %>" + "<% set b %><< a >><< a >><% endset %><% set a = b %>" * 60,
    "<< 'x'.ljust(1000000000) >>",
    "<< 1 | rounded(1000000000) >>",
    "<% include 'topic/skeleton.md.j2' %>",
    "<% include '../../../../etc/passwd' %>",
    "<% include '/etc/passwd' %>",
    "<% import 'os' as os %>",
    "<% extends 'topic/skeleton.md.j2' %>",
    "<< ''.__class__.__mro__ >>",
    "<< ''['__class__'] >>",
    "<< ''|attr('__class__') >>",
    "<< q.__init__.__globals__ >>",
    "<< q.draw.__func__.__globals__['__builtins__'] >>",
    "<< self.__init__.__globals__ >>",
    "<< cycler.__init__.__globals__.os.system('true') >>",
    "<< '{0.__class__}'.format(q) >>",
    "<< q.nothing >>",
    "<< nothing >>",
    "<< 1 / 0 >>",
    "<< q.weights | nothing >>",
    "<< q.weights[99] >>",
    "<< 'x' | tex >>",
    "<< q | tex >>",
    "<< s >>",
    "<< 1 | mark >>",
    "<< -1 | mark >>",
    "<% if %>",
    "<% endblock %>",
    "<% block question %>",
    "<% set q = 3 %>",
    "<% do q %>",
    "<# ",
    "## (b)\n",
    "$$\\frac{1}{$$",
    "$$\\undefined{x}$$",
    "$" + "{" * 3000 + "$",
    "$$" + "\\frac{1}{" * 500 + "x" + "}" * 500 + "$$",
    "$$\\begin{aligned}$$",
    "> " * 500,
    "* " * 500 + "x",
    "[" * 3000,
    "![x](figure:nothing)",
    "| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 500,
    "<b>html</b> &amp; [l](javascript:x)",
    "```\ncode\n```",
    "\u674e",
)
"""What to put into the template."""


@st.composite
def packs(draw: st.DrawFn) -> tuple[Mapping[str, bytes], tuple[str, ...]]:
    """The files of a pack, and the arguments of a command that uses it."""
    folder = templates_folder() / "skeleton"
    module, template = ((folder / name).read_text(encoding="utf-8") for name in (MODULE, TEMPLATE))
    kind = draw(st.sampled_from(("module", "module", "template", "template", "template", "text", "bytes", "files")))
    if kind == "module":
        for old, new in draw(st.lists(st.sampled_from(MODULE_FAULTS), min_size=1, max_size=2)):
            module = module.replace(old, new, 1)
    if kind == "template":
        at = draw(st.sampled_from(("## (a)\nCompute", "Multiply each", "> $s", "<% block question %>", "<% extends")))
        piece = draw(st.one_of(st.sampled_from(TEMPLATES), st.sampled_from(CODE), st.sampled_from(TEXTS)))
        template = template.replace(at, draw(st.sampled_from((piece + at, piece, f"{piece}\n{at}"))), 1)
    if kind == "text":
        module, template = draw(
            st.one_of(
                st.tuples(spoilt(module), st.just(template)),
                st.tuples(st.just(module), spoilt(template)),
            )
        )
    files = {MODULE: module.encode(errors="replace"), TEMPLATE: template.encode(errors="replace")}
    if kind == "bytes":
        victim = draw(st.sampled_from(sorted(files)))
        files[victim] = draw(mangled(files[victim]))
    if kind == "files":
        content = files.pop(draw(st.sampled_from(sorted(files))))
        files |= {draw(st.sampled_from([name for name in OTHER_NAMES if name not in files])): content}
    command = draw(st.sampled_from(COMMANDS))
    return {f"pack/{name}": data for name, data in files.items()}, (*command, "--pack", "pack")


OTHER_NAMES = (
    MODULE,
    TEMPLATE,
    "exercises/topic/Skeleton.py",
    "exercises/topic/a b.py",
    "exercises/topic/class.py",
    "exercises/convolution/conv2d.py",
    "exercises/skeleton.py",
    "templates/layout/exercise.md.j2",
)
COMMANDS = (
    ("check", "topic/skeleton", "--draws", "2", "--sheets", "1", "--jobs", "1"),
    ("show", "topic/skeleton"),
    ("show", "topic/skeleton", "--format", "json"),
    ("show", "topic/skeleton", "--format", "pdf", "-o", "out.pdf"),
    ("list",),
)
