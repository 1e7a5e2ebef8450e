"""Exercises on likelihood, priors, and the losses and penalties that come from them."""
