"""Convolution, pooling, receptive fields, parameter counts."""
