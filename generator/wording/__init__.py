"""From an instance and its Jinja2 template to Markdown with TeX: the question, and the worked solution of each part."""

from generator.wording.words import Worded, WordedPart, word

__all__ = ["Worded", "WordedPart", "word"]
