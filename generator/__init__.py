"""Seeded exam variants with worked, twice-computed answer keys."""
