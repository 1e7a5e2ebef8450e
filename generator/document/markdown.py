"""Markdown with TeX formulas, read into the document tree.

CommonMark with tables and dollar mathematics, and words of our own: ``![caption](figure:NAME)`` alone in
a paragraph is a figure, ``> …`` a boxed answer, ``- [ ] …`` an option to tick (``- [x] …`` the right one),
``[2 marks](#mark)`` the marks of a step. What else CommonMark knows is refused, never dropped. Raw HTML is
text, and so is what is indented: templates indent freely.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import cast

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.dollarmath.index import math_block_dollar

from generator.document.error import DocumentError
from generator.document.tree import (
    Alignment,
    AnswerBox,
    Block,
    Blocks,
    BulletList,
    Choice,
    Choices,
    Code,
    DisplayMath,
    Emphasis,
    FigureBlock,
    Heading,
    Inline,
    Inlines,
    LineBreak,
    Listing,
    Mark,
    Math,
    NumberedList,
    Paragraph,
    Strong,
    Table,
    Text,
    plain,
)
from generator.errors import nearest
from generator.figure import Figure

TICK_BOX = re.compile(r"\[([ x])\] +")


def read_markdown(text: str, figures: Mapping[str, Figure]) -> Blocks:
    """Read `text`; `figures` holds the drawings it may name.

    Raises DocumentError, with the line, for whatever has no place in an exam: links, unknown figures, rules.
    """
    root = SyntaxTreeNode(_parser().parse(text))
    return _Reader(figures).blocks(root.children, line=1)


@cache
def _parser() -> MarkdownIt:
    """CommonMark without what goes wrong unseen: raw HTML, code by indentation, headings by underlining."""
    parser = MarkdownIt("commonmark", {"html": False, "typographer": True})
    parser.enable(["table", "smartquotes"])
    parser.disable(["code", "lheading", "reference", "text_join"])
    parser.use(dollarmath_plugin, allow_labels=False, allow_blank_lines=False, double_inline=True)
    parser.block.ruler.at("math_block", _display, {"alt": ["paragraph", "blockquote", "list"]})
    return parser


def _display(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """Read a display formula, which also ends a paragraph: or a TeX line that begins with - is a list."""
    if silent:
        return state.src.startswith("$$", state.bMarks[first] + state.tShift[first])
    rule = math_block_dollar(allow_labels=False, allow_blank_lines=False)
    return bool(rule(state, first, last, False))


class _Reader:
    """Walks the syntax tree; knows the figures that the text may name."""

    def __init__(self, figures: Mapping[str, Figure]) -> None:
        self.figures = figures

    def blocks(self, nodes: Iterable[SyntaxTreeNode], line: int) -> Blocks:
        found: list[Block] = []
        for node in nodes:
            block = self.block(node, _line(node, line))
            if found and isinstance(found[-1], DisplayMath) and (mark := _only_marks(block)):
                found[-1] = DisplayMath(found[-1].tex, mark)
            else:
                found.append(block)
        return tuple(found)

    def block(self, node: SyntaxTreeNode, line: int) -> Block:
        match node.type:
            case "paragraph":
                return self.paragraph(node.children[0], line)
            case "heading":
                return Heading(int(node.tag[1:]), self.inlines(node.children[0].children, line))
            case "math_block":
                return DisplayMath(node.content.strip())
            case "fence":
                return Listing(node.content.rstrip("\n"))
            case "bullet_list":
                return self.choices(node, line) or BulletList(self.items(node, line))
            case "ordered_list":
                return NumberedList(self.items(node, line), int(node.attrs.get("start", 1)))
            case "blockquote":
                return AnswerBox(self.blocks(node.children, line))
            case "table":
                return self.table(node, line)
        raise DocumentError(line, f"a sheet has no place for this ({node.type})")

    def paragraph(self, inline: SyntaxTreeNode, line: int) -> Block:
        nodes = inline.children
        if len(nodes) == 1 and nodes[0].type == "image":
            return self.figure(nodes[0], line)
        if nodes and nodes[0].type == "math_inline_double":
            mark = _only_marks(Paragraph(self.inlines(nodes[1:], line))) if nodes[1:] else ""
            if mark is not None:
                return DisplayMath(nodes[0].content.strip(), mark)
        return Paragraph(self.inlines(nodes, line))

    def figure(self, image: SyntaxTreeNode, line: int) -> FigureBlock:
        scheme, _, name = str(image.attrs["src"]).partition(":")
        if scheme != "figure":
            raise DocumentError(line, f"an image is written figure:NAME, not {image.attrs['src']!r}")
        if name not in self.figures:
            raise DocumentError(line, f"there is no figure {name!r}; {nearest(name, self.figures)}")
        return FigureBlock(self.figures[name], self.inlines(image.children, line))

    def items(self, node: SyntaxTreeNode, line: int) -> tuple[Blocks, ...]:
        return tuple(self.blocks(item.children, _line(item, line)) for item in node.children)

    def choices(self, node: SyntaxTreeNode, line: int) -> Choices | None:
        """Read the list as options to tick, or return None if it is an ordinary list."""
        heads = [TICK_BOX.match(_first_text(item)) for item in node.children]
        if not any(heads):
            return None
        if not all(heads):
            raise DocumentError(line, "either every item of a list begins with [ ] or [x], or none does")
        return Choices(tuple(self.choice(item, _line(item, line)) for item in node.children))

    def choice(self, item: SyntaxTreeNode, line: int) -> Choice:
        if [child.type for child in item.children] != ["paragraph"]:
            raise DocumentError(line, "an option to tick is a single paragraph")
        first, *rest = self.inlines(item.children[0].children[0].children, line)
        label = cast(Text, first).text
        head = cast(re.Match[str], TICK_BOX.match(label))
        words = (Text(label[head.end() :]),) if label[head.end() :] else ()
        return Choice((*words, *rest), right=head[1] == "x")

    def table(self, node: SyntaxTreeNode, line: int) -> Table:
        head, *bodies = node.children
        header = head.children[0].children
        rows = tuple(self.row(row, line) for body in bodies for row in body.children)
        return Table(
            header=self.row(head.children[0], line),
            rows=rows,
            alignments=tuple(_alignment(cell) for cell in header),
            to_fill=any(not cell for row in rows for cell in row),
        )

    def row(self, row: SyntaxTreeNode, line: int) -> tuple[Inlines, ...]:
        return tuple(self.inlines(cell.children[0].children, _line(row, line)) for cell in row.children)

    def inlines(self, nodes: Iterable[SyntaxTreeNode], line: int) -> Inlines:
        found: list[Inline] = []
        for node in nodes:
            inline = self.inline(node, line)
            if isinstance(inline, Text) and found and isinstance(found[-1], Text):
                found[-1] = Text(found[-1].text + inline.text)
            elif inline != Text(""):
                found.append(inline)
            line += node.type in ("softbreak", "hardbreak")
        return tuple(found)

    def inline(self, node: SyntaxTreeNode, line: int) -> Inline:
        match node.type:
            case "text":
                if "$" in node.content:
                    raise DocumentError(line, "a dollar without its partner; write \\$ for the sign itself")
                return Text(node.content)
            case "text_special":
                return Text(node.content)
            case "softbreak":
                return Text(" ")
            case "hardbreak":
                return LineBreak()
            case "strong":
                return Strong(self.inlines(node.children, line))
            case "em":
                return Emphasis(self.inlines(node.children, line))
            case "code_inline":
                return Code(node.content)
            case "math_inline":
                return Math(node.content.strip())
            case "math_inline_double":
                raise DocumentError(line, f"the formula $${node.content}$$ needs lines of its own")
            case "link":
                return self.mark(node, line)
            case "image":
                raise DocumentError(line, "a figure must stand alone in its paragraph")
        raise DocumentError(line, f"a line has no place for this ({node.type})")

    def mark(self, link: SyntaxTreeNode, line: int) -> Mark:
        if link.attrs["href"] != "#mark":
            raise DocumentError(line, f"no links on paper: {link.attrs['href']!r}; marks are [2 marks](#mark)")
        return Mark("".join(plain(self.inlines(link.children, line))))


def _line(node: SyntaxTreeNode, default: int) -> int:
    return node.map[0] + 1 if node.map else default


def _alignment(cell: SyntaxTreeNode) -> Alignment:
    style = str(cell.attrs.get("style", ""))
    return cast(Alignment, style.partition("text-align:")[2] or "left")


def _first_text(item: SyntaxTreeNode) -> str:
    """Return the plain text with which a list item begins, before any other inline."""
    if not item.children or item.children[0].type != "paragraph":
        return ""
    text = ""
    for node in item.children[0].children[0].children:
        if node.type != "text":
            break
        text += node.content
    return text


def _only_marks(block: Block) -> str | None:
    """Return the marks of a paragraph that holds nothing else, or None."""
    if not isinstance(block, Paragraph):
        return None
    words = [inline for inline in block.inlines if inline != Text(" ")]
    marks = [inline.text for inline in words if isinstance(inline, Mark)]
    return ", ".join(marks) if marks and len(marks) == len(words) else None
