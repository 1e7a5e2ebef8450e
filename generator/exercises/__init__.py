"""The exercise types: one module each, found by the registry, named by topic and slug."""
