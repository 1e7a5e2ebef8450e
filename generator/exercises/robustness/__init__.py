"""Exercises on how single observations and disturbances act on what is learned."""
