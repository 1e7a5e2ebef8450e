"""Derivatives on computational graphs and networks, backwards and forwards."""
