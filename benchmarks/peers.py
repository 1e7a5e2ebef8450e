"""A sheet in the source language of other typesetters, so that they can be timed on the same content."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

from generator.document import tree as t


class Writer(ABC):
    """Walks a sheet; the two languages differ in how they write the pieces. Figures are frames of the same size."""

    special: Mapping[str, str]

    @abstractmethod
    def document(self, body: str) -> str: ...

    @abstractmethod
    def math(self, tex: str, display: bool) -> str: ...

    @abstractmethod
    def styled(self, style: str, text: str) -> str: ...

    @abstractmethod
    def items(self, items: Sequence[str]) -> str: ...

    @abstractmethod
    def table(self, rows: Sequence[Sequence[str]]) -> str: ...

    @abstractmethod
    def frame(self, width: float, height: float) -> str: ...

    def source(self, sheet: t.Sheet) -> str:
        """The whole document."""
        title = self.styled("strong", self.text(f"{sheet.title.course} {sheet.title.title}"))
        return self.document(title + "\n\n" + self.blocks(sheet.blocks))

    def text(self, text: str) -> str:
        return "".join(self.special.get(letter, letter) for letter in text)

    def inlines(self, inlines: t.Inlines) -> str:
        return "".join(self.inline(inline) for inline in inlines)

    def inline(self, inline: t.Inline) -> str:
        match inline:
            case t.Text(text):
                return self.text(text)
            case t.Math(tex):
                return self.math(tex, display=False)
            case t.Strong(inner):
                return self.styled("strong", self.inlines(inner))
            case t.Emphasis(inner):
                return self.styled("emphasis", self.inlines(inner))
            case t.Code(text):
                return self.styled("code", self.text(text))
            case t.Mark(text):
                return self.styled("strong", self.text(text))
            case t.LineBreak():
                return " "

    def blocks(self, blocks: t.Blocks) -> str:
        return "\n\n".join(self.block(block) for block in blocks)

    def block(self, block: t.Block) -> str:
        match block:
            case t.Paragraph(inlines) | t.Heading(_, inlines):
                return self.inlines(inlines)
            case t.DisplayMath():
                return self.math(block.tex, display=True)
            case t.Listing(code):
                return "\n\n".join(self.styled("code", self.text(line)) for line in code.splitlines())
            case t.BulletList(items) | t.NumberedList(items):
                return self.items([self.blocks(item) for item in items])
            case t.Choices(choices):
                return self.items([self.inlines(choice.inlines) for choice in choices])
            case t.Table():
                return self.table([[self.inlines(cell) for cell in row] for row in (block.header, *block.rows)])
            case t.FigureBlock(figure, caption):
                return self.frame(figure.width, figure.height) + "\n\n" + self.inlines(caption)
            case t.AnswerBox(inner):
                return self.blocks(inner)
            case t.Section(title):
                return self.styled("strong", self.text(title))
            case t.Question() | t.Part() | t.Solution():
                head = block.label if isinstance(block, t.Part) else block.title
                return self.styled("strong", self.text(head)) + "\n\n" + self.blocks(block.blocks)
            case t.Lines(count):
                return "\n\n".join([self.frame(400, 1)] * count)
            case t.GridSpace(rows, columns):
                return self.table([["~"] * columns] * rows)
            case t.Boxes(names):
                return " ".join(self.inlines(name) + self.frame(60, 16) for name in names)
            case t.BlankBox(height):
                return self.frame(400, height)
            case t.PageBreak() | t.Contents():
                return ""
            case t.PointsTable():
                return self.table(list(zip(*block.columns, strict=True)))


class Latex(Writer):
    """LaTeX for pdflatex."""

    special: Mapping[str, str] = {"&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_", "$": r"\$", "{": r"\{", "}": r"\}",
               "~": "~", "^": r"\^{}", "\\": r"\textbackslash{}", "·": r"$\cdot$", "×": r"$\times$", "−": "--",
               "°": r"$^\circ$", "½": "1/2", "¼": "1/4", "¾": "3/4", "\u00a0": "~", "…": r"\dots{}",
               "≈": r"$\approx$", "≥": r"$\ge$",
               "∂": r"$\partial$", "→": r"$\to$", "≤": r"$\le$", "σ": r"$\sigma$", "λ": r"$\lambda$"}  # fmt: skip

    def document(self, body: str) -> str:
        return (
            "\\documentclass[a4paper,11pt]{article}\n\\usepackage[margin=2.2cm]{geometry}\n\\usepackage[T1]{fontenc}\n"
            "\\usepackage[utf8]{inputenc}\n\\usepackage{amsmath,amssymb,mathtools}\n"
            "\\DeclareMathOperator*{\\argmax}{arg\\,max}\n\\DeclareMathOperator*{\\argmin}{arg\\,min}\n"
            "\\DeclareMathOperator{\\tr}{tr}\n\\DeclareMathOperator{\\diag}{diag}\n\\DeclareMathOperator{\\rank}{rank}\n"
            "\\DeclareMathOperator{\\sign}{sign}\n"
            f"\\begin{{document}}\n{body}\n\\end{{document}}\n"
        )

    def math(self, tex: str, display: bool) -> str:
        return rf"\[{tex}\]" if display else f"${tex}$"

    def styled(self, style: str, text: str) -> str:
        command = {"strong": "textbf", "emphasis": "emph", "code": "texttt"}[style]
        return rf"\{command}{{{text}}}"

    def items(self, items: Sequence[str]) -> str:
        return "\\begin{itemize}\n" + "\n".join(rf"\item {item}" for item in items) + "\n\\end{itemize}"

    def table(self, rows: Sequence[Sequence[str]]) -> str:
        body = r" \\ \hline ".join(" & ".join(row) for row in rows)
        return rf"\begin{{tabular}}{{|{'l|' * len(rows[0])}}} \hline {body} \\ \hline \end{{tabular}}"

    def frame(self, width: float, height: float) -> str:
        return rf"\framebox[{width:.0f}pt]{{\rule{{0pt}}{{{height:.0f}pt}}}}"


_PIECE = re.compile(
    r"\\begin\{(?P<begin>\w+\*?)\}(?:\{[|clr ]*\})?|\\end\{\w+\*?\}|\\[A-Za-z]+|\\.|\s+|[{}]|.", re.DOTALL
)
_WORDS = {
    "cdot": "dot", "times": "times", "le": "<=", "leq": "<=", "ge": ">=", "geq": ">=", "ne": "!=", "neq": "!=",
    "infty": "infinity", "to": "->", "mapsto": "|->", "in": "in", "top": "top", "mid": "|", "quad": "quad",
    "qquad": "quad quad", "ldots": "...", "dots": "...", "cdots": "dots.c", "approx": "approx", "partial": "partial",
    "propto": "prop", "Rightarrow": "=>", "implies": "=>", "iff": "<=>", "star": "star", "prime": "prime",
    "hline": "", "displaystyle": "", "left": "", "right": "", "middle": "", "lfloor": "floor.l", "rfloor": "floor.r",
    "lceil": "ceil.l", "rceil": "ceil.r", "lVert": "||", "rVert": "||", "langle": "angle.l", "rangle": "angle.r",
    "coloneqq": ":=", "odot": "dot.circle", "forall": "forall", "varepsilon": "epsilon", "epsilon": "epsilon.alt",
    "varphi": "phi", "phi": "phi.alt", "argmax": 'op("argmax")', "argmin": 'op("argmin")', "arg": 'op("arg")',
    "big": "", "Big": "", "bigl": "", "bigr": "", "Bigl": "", "Bigr": "", "bigg": "", "limits": "", "vdots": "dots.v",
    "ddots": "dots.down", "succ": "succ", "prec": "prec", "lambda": "lambda", "nabla": "nabla",
    "prod": "product", "int": "integral", "Longrightarrow": "==>",
}  # fmt: skip
_KNOWN = frozenset(
    [
        "alpha",
        "beta",
        "gamma",
        "delta",
        "zeta",
        "eta",
        "theta",
        "iota",
        "kappa",
        "mu",
        "nu",
        "xi",
        "pi",
        "rho",
        "sigma",
        "tau",
        "upsilon",
        "chi",
        "psi",
        "omega",
        "sum",
        "product",
        "exp",
        "ln",
        "log",
        "sin",
        "cos",
        "tan",
        "tanh",
        "max",
        "min",
        "lim",
        "sup",
        "inf",
        "det",
    ]
)
_SPACES = {",": " thin ", ";": " med ", ":": " med ", "!": "", " ": " ", "\\": r" \ ", "{": "{", "}": "}", "|": "||"}
_ONE = {"mathbf": "bold", "boldsymbol": "bold", "mathbb": "bb", "mathcal": "cal", "mathrm": "upright", "sqrt": "sqrt",
        "hat": "hat", "bar": "macron", "tilde": "tilde", "overline": "overline", "underline": "underline",
        "widehat": "hat", "vec": "arrow", "boxed": "", "mathsf": "sans", "dot": "dot"}  # fmt: skip


class _TypstMath:
    """TeX mathematics in Typst's notation: enough of it to have Typst set formulas of the same content."""

    def __init__(self, tex: str) -> None:
        self.pieces = [match for match in _PIECE.finditer(tex) if not match[0].isspace()]
        self.place = 0

    def all(self) -> str:
        return self.until("")

    def until(self, stop: str) -> str:
        out: list[str] = []
        while self.place < len(self.pieces):
            piece = self.pieces[self.place][0]
            if stop and piece.startswith(stop):
                self.place += 1
                break
            out.append(self.one())
        return " ".join(out)

    def one(self) -> str:
        match = self.pieces[self.place]
        piece = match[0]
        self.place += 1
        if piece == "{":
            return self.until("}")
        if match["begin"]:
            body = self.until(r"\end")
            if match["begin"] in ("aligned", "cases", "gathered"):
                return body
            rows = "; ".join(
                ", ".join(cell or '""' for cell in row.split("&")) for row in body.split("\\") if row.strip()
            )
            return f"mat({rows})"
        if piece in ("^", "_"):
            return f"{piece}({self.one()})"
        if piece.startswith("\\"):
            return self.command(piece[1:])
        return {"#": r"\#", '"': r"\"", ",": r"\,", ";": r"\;", "/": "slash", "'": "prime", "$": r"\$"}.get(
            piece, piece
        )

    def command(self, name: str) -> str:
        if name in _SPACES:
            return _SPACES[name]
        if name in ("frac", "dfrac", "tfrac"):
            return f"frac({self.one()}, {self.one()})"
        if name in ("text", "operatorname", "mathrm", "textbf", "texttt"):
            return '"' + re.sub(r"[^\w .,()-]", "", self.one()) + '"'
        if name in ("overset", "stackrel", "underset", "underbrace", "overbrace", "color", "textcolor"):
            return f"{self.one()} {self.one()}"
        if name in _ONE:
            return f"{_ONE[name]}({self.one()})" if _ONE[name] else self.one()
        return _WORDS.get(name, name if name.lower() in _KNOWN else f'"{name}"')


class Typst(Writer):
    """Typst markup."""

    special: Mapping[str, str] = {letter: "\\" + letter for letter in "\\#$*_`<>@[]=-+~/"}

    def document(self, body: str) -> str:
        return f'#set page(paper: "a4", margin: 2.2cm)\n#set text(size: 10.5pt)\n{body}\n'

    def math(self, tex: str, display: bool) -> str:
        inner = _TypstMath(tex).all()
        return f"$ {inner} $" if display else f"${inner.strip()}$"

    def styled(self, style: str, text: str) -> str:
        return f"#{ {'strong': 'strong', 'emphasis': 'emph', 'code': 'text'}[style] }[{text}]"

    def items(self, items: Sequence[str]) -> str:
        return "#list(" + ", ".join(f"[{item}]" for item in items) + ")"

    def table(self, rows: Sequence[Sequence[str]]) -> str:
        cells = ", ".join(f"[{cell}]" for row in rows for cell in row)
        return f"#table(columns: {len(rows[0])}, {cells})"

    def frame(self, width: float, height: float) -> str:
        return f"#box(width: {width:.0f}pt, height: {height:.0f}pt, stroke: 0.4pt)"
