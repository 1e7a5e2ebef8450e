"""Exercises on the structure of neural networks."""
