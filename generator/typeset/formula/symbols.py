"""The names of symbols: which character each command stands for, and what kind of atom it is."""

from __future__ import annotations

from generator.typeset.formula.spacing import Kind

_ORDINARY = r"""
alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ mu μ
nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω
Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω
partial ∂ nabla ∇ infty ∞ forall ∀ exists ∃ nexists ∄ emptyset ∅ varnothing ∅ top ⊤ bot ⊥ ell ℓ hbar ℏ imath 𝚤 jmath 𝚥
Re ℜ Im ℑ wp ℘ aleph ℵ angle ∠ triangle △ prime ′ neg ¬ lnot ¬ backslash \ | ‖ Vert ‖ vert | checkmark ✓
vdots ⋮ sharp ♯ flat ♭ natural ♮ clubsuit ♣ diamondsuit ♢ heartsuit ♡ spadesuit ♠ S § P ¶ degree ° square □ Box □
blacksquare ■ bigstar ★ $ $ % % & & # # _ _ mathdollar $ dag † ddag ‡ complement ∁ surd √
"""
_BINARY = r"""
cdot ⋅ times × div ÷ pm ± mp ∓ ast ∗ star ⋆ circ ∘ bullet ∙ odot ⊙ oplus ⊕ ominus ⊖ otimes ⊗ oslash ⊘ cap ∩ cup ∪
setminus ∖ smallsetminus ∖ wedge ∧ land ∧ vee ∨ lor ∨ sqcap ⊓ sqcup ⊔ uplus ⊎ amalg ⨿ dagger † ddagger ‡ diamond ⋄
wr ≀ bigcirc ◯ bigtriangleup △ bigtriangledown ▽ triangleleft ◁ triangleright ▷ ltimes ⋉ rtimes ⋊ boxplus ⊞
boxtimes ⊠ boxdot ⊡ circledast ⊛ circledcirc ⊚
"""
_RELATIONS = r"""
neq ≠ ne ≠ le ≤ leq ≤ leqslant ⩽ ge ≥ geq ≥ geqslant ⩾ lt < gt > approx ≈ sim ∼ simeq ≃ cong ≅ propto ∝ equiv ≡
in ∈ ni ∋ notin ∉ subset ⊂ supset ⊃ subseteq ⊆ supseteq ⊇ subsetneq ⊊ supsetneq ⊋ mid ∣ nmid ∤ parallel ∥ perp ⟂
to → rightarrow → mapsto ↦ leftarrow ← gets ← leftrightarrow ↔ Rightarrow ⇒ Leftarrow ⇐ Leftrightarrow ⇔
longrightarrow ⟶ longleftarrow ⟵ longmapsto ⟼ longleftrightarrow ⟷ Longrightarrow ⟹ Longleftarrow ⟸
Longleftrightarrow ⟺ hookrightarrow ↪ hookleftarrow ↩ rightharpoonup ⇀ rightleftharpoons ⇌ leadsto ⇝
uparrow ↑ downarrow ↓ updownarrow ↕ Uparrow ⇑ Downarrow ⇓ nearrow ↗ searrow ↘ swarrow ↙ nwarrow ↖
succ ≻ prec ≺ succeq ⪰ preceq ⪯ succcurlyeq ≽ preccurlyeq ≼ ll ≪ gg ≫ coloneqq ≔ coloneq ≔ eqqcolon ≕ doteq ≐
triangleq ≜ asymp ≍ models ⊨ vdash ⊢ dashv ⊣ Vdash ⊩ therefore ∴ because ∵ gtrsim ≳ lesssim ≲ gtrless ≷
bowtie ⋈ smile ⌣ frown ⌢ sqsubseteq ⊑ sqsupseteq ⊒ rightrightarrows ⇉ twoheadrightarrow ↠ nsubseteq ⊈ nrightarrow ↛
"""
_OPENING = "lbrace { { { lbrack [ langle ⟨ lfloor ⌊ lceil ⌈ lvert | lVert ‖ lgroup ⟮ llbracket ⟦"
_CLOSING = "rbrace } } } rbrack ] rangle ⟩ rfloor ⌋ rceil ⌉ rvert | rVert ‖ rgroup ⟯ rrbracket ⟧"
_PUNCTUATION = "ldotp . cdotp ⋅"
_DOTS = "ldots … cdots ⋯ ddots ⋱ dotsc … dotsb ⋯ dotsm ⋯ dotsi ⋯ dotso … mathellipsis … iddots ⋰ adots ⋰"

_BIG = r"""
sum ∑ prod ∏ coprod ∐ bigcap ⋂ bigcup ⋃ bigsqcup ⨆ bigvee ⋁ bigwedge ⋀ bigoplus ⨁ bigotimes ⨂ bigodot ⨀ biguplus ⨄
"""
_INTEGRALS = "int ∫ iint ∬ iiint ∭ oint ∮ oiint ∯"


def _pairs(text: str) -> dict[str, str]:
    words = text.split()
    return {"\\" + name: char for name, char in zip(words[::2], words[1::2], strict=True)}


SYMBOLS: dict[str, tuple[str, Kind]] = {
    name: (char, kind)
    for table, kind in (
        (_ORDINARY, Kind.ORD),
        (_BINARY, Kind.BIN),
        (_RELATIONS, Kind.REL),
        (_OPENING, Kind.OPEN),
        (_CLOSING, Kind.CLOSE),
        (_PUNCTUATION, Kind.PUNCT),
        (_DOTS, Kind.INNER),
    )
    for name, char in _pairs(table).items()
}
"""Character and kind of every symbol command."""

BIG_OPERATORS = _pairs(_BIG)
"""Operators whose scripts become limits in displays."""

INTEGRALS = _pairs(_INTEGRALS)
"""Operators whose scripts stay at the side."""

CHARACTERS: dict[str, tuple[str, Kind]] = {
    **{char: (char, kind) for char, kind in SYMBOLS.values() if kind is not Kind.INNER and ord(char) > 127},
    "…": ("…", Kind.INNER),
    "⋯": ("⋯", Kind.INNER),
    "+": ("+", Kind.BIN),
    "-": ("−", Kind.BIN),
    "−": ("−", Kind.BIN),
    "–": ("−", Kind.BIN),
    "*": ("∗", Kind.BIN),
    "·": ("⋅", Kind.BIN),
    "µ": ("μ", Kind.ORD),
    "=": ("=", Kind.REL),
    "<": ("<", Kind.REL),
    ">": (">", Kind.REL),
    ":": ("\u2236", Kind.REL),  # the colon of a relation stands on the axis
    ",": (",", Kind.PUNCT),
    ";": (";", Kind.PUNCT),
    "(": ("(", Kind.OPEN),
    "[": ("[", Kind.OPEN),
    ")": (")", Kind.CLOSE),
    "]": ("]", Kind.CLOSE),
    "!": ("!", Kind.CLOSE),
    "?": ("?", Kind.CLOSE),
    "‖": ("‖", Kind.ORD),
    "√": ("√", Kind.ORD),
}
"""Character and kind of characters that are written as themselves; all others are ordinary."""

_PLAIN_FUNCTIONS = """
log ln lg exp sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan arg dim ker hom deg diag tr rank sign
sgn softmax
"""
_LIMIT_FUNCTIONS = "max min sup inf lim limsup liminf det Pr gcd argmax argmin"

FUNCTIONS: dict[str, bool | None] = {
    **dict.fromkeys(_PLAIN_FUNCTIONS.split(), False),
    **dict.fromkeys(_LIMIT_FUNCTIONS.split()),
}
"""Named functions: None where scripts become limits in displays, False where they stay at the side."""

FUNCTION_TEXTS = {"argmax": "arg max", "argmin": "arg min", "limsup": "lim sup", "liminf": "lim inf"}
"""Functions printed as two words."""

ACCENTS = {
    "\\hat": ("\u0302", False),
    "\\widehat": ("\u0302", True),
    "\\tilde": ("\u0303", False),
    "\\widetilde": ("\u0303", True),
    "\\bar": ("\u0304", False),
    "\\vec": ("\u20d7", False),
    "\\dot": ("\u0307", False),
    "\\ddot": ("\u0308", False),
    "\\check": ("\u030c", False),
    "\\breve": ("\u0306", False),
    "\\acute": ("\u0301", False),
    "\\grave": ("\u0300", False),
    "\\mathring": ("\u030a", False),
    "\\overrightarrow": ("\u20d7", True),
}
"""Accents: the combining character, and whether it grows."""

SPACES = {
    "\\,": 3.0, "\\thinspace": 3.0, "\\:": 4.0, "\\>": 4.0, "\\medspace": 4.0, "\\;": 5.0, "\\thickspace": 5.0,
    "\\!": -3.0, "\\negthinspace": -3.0, "\\quad": 18.0, "\\qquad": 36.0, "\\enspace": 9.0, "\\ ": 4.5, "~": 4.5,
    "\\nobreakspace": 4.5, "\\space": 4.5,
}  # fmt: skip  # a table reads better in columns
"""Explicit spaces in mu."""

ALPHABETS = {
    "\\mathbf": "bold", "\\symbf": "bold", "\\bm": "bold-italic", "\\boldsymbol": "bold-italic",
    "\\pmb": "bold-italic", "\\mathbb": "double-struck", "\\mathds": "double-struck", "\\mathcal": "script",
    "\\mathscr": "script", "\\mathfrak": "fraktur", "\\mathrm": "upright", "\\symup": "upright",
    "\\mathup": "upright", "\\mathsf": "sans", "\\mathtt": "mono", "\\mathit": "all-italic",
    "\\mathnormal": "italic",
}  # fmt: skip
"""Commands that set their argument in another alphabet."""

ALPHABET_SWITCHES = {
    "\\rm": "upright", "\\bf": "bold", "\\it": "all-italic", "\\sf": "sans", "\\tt": "mono", "\\cal": "script",
}  # fmt: skip
"""Old commands that change the alphabet for the rest of their group."""

TEXT_FACES = {
    "\\text": "Text", "\\textrm": "Text", "\\textnormal": "Text", "\\mbox": "Text", "\\textup": "Text",
    "\\textbf": "Text-Bold", "\\textit": "Text-Italic", "\\emph": "Text-Italic", "\\texttt": "Mono",
}  # fmt: skip
"""Commands whose argument is ordinary text."""

_NAMED_DELIMITERS = """
lbrace rbrace lbrack rbrack langle rangle lfloor rfloor lceil rceil lvert rvert lVert rVert vert Vert uparrow downarrow
updownarrow Uparrow Downarrow lgroup rgroup llbracket rrbracket
"""

DELIMITERS = {
    ".": "", "(": "(", ")": ")", "[": "[", "]": "]", "|": "|", "/": "/", "<": "⟨", ">": "⟩", "\\|": "‖",
    "\\{": "{", "\\}": "}", "\\backslash": "\\", "‖": "‖", "⟨": "⟨", "⟩": "⟩",
    **{"\\" + name: SYMBOLS["\\" + name][0] for name in _NAMED_DELIMITERS.split()},
}  # fmt: skip
"""What may follow ``\\left``, ``\\right``, ``\\middle`` and ``\\big``."""

COLOURS = {
    "black": "#000000", "gray": "#808080", "grey": "#808080", "lightgray": "#bfbfbf", "darkgray": "#404040",
    "red": "#c00000", "blue": "#0040c0", "green": "#007030", "orange": "#c06000", "purple": "#700090",
    "white": "#ffffff", "teal": "#007070", "brown": "#804000", "magenta": "#b00080", "cyan": "#0080b0",
}  # fmt: skip
"""Colours by name; those that carry meaning are dark enough to print."""
