"""Exercises on single layers and short chains of them: the messages that they pass forwards and backwards."""
