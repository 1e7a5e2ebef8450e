"""The document tree that every output is made from, and the reader that makes it from Markdown."""
