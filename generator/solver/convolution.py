"""Convolution-like layers on small feature maps: exact sums, and a second route by Fourier transform."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from generator.working import Term, apply, num

Matrix = tuple[tuple[int, ...], ...]


def output_length(length: int, kernel: int, stride: int, padding: int, dilation: int) -> int:
    """Entries of the output along one axis: ``floor((n + 2p - d(k - 1) - 1) / s) + 1``, 0 where no kernel fits.

    Source: Dumoulin and Visin, A guide to convolution arithmetic for deep learning (2016), relationship 15.
    """
    room = length + 2 * padding - dilation * (kernel - 1) - 1
    return room // stride + 1 if room >= 0 else 0


def output_size(n: Term, k: Term, s: Term, p: Term, d: Term) -> Term:
    """The formula of `output_length`, to be printed and worked out."""
    return apply("floor", (n + num(2) * p - d * (k - 1) - 1) / s) + 1


def window_size(n: Term, k: Term, s: Term, p: Term) -> Term:
    """The same without dilation, as it is usually written for pooling."""
    return apply("floor", (n + num(2) * p - k) / s) + 1


def padded(image: Matrix, top: int, bottom: int, left: int, right: int) -> Matrix:
    """The image with a border of zeros, given in entries per side."""
    width = len(image[0]) + left + right
    middle = tuple((0,) * left + row + (0,) * right for row in image)
    return ((0,) * width,) * top + middle + ((0,) * width,) * bottom


def flipped(kernel: Matrix) -> Matrix:
    """The kernel turned by 180 degrees, which makes a convolution of a cross-correlation."""
    return tuple(tuple(reversed(row)) for row in reversed(kernel))


def patch(image: Matrix, row: int, column: int, rows: int, columns: int, dilation: int) -> Matrix:
    """The ``rows`` × ``columns`` entries of an image that a kernel placed at (row, column) meets."""
    return tuple(tuple(image[row + dilation * i][column + dilation * j] for j in range(columns)) for i in range(rows))


def cross_correlate(
    channels: Sequence[Matrix],
    kernels: Sequence[Matrix],
    *,
    strides: tuple[int, int],
    dilation: int = 1,
    bias: int = 0,
) -> Matrix:
    """The cross-correlation of already padded channels with one kernel per channel, summed over the channels.

    Empty where the kernel does not fit. Strides are per axis (down, across).
    """
    rows, columns = len(kernels[0]), len(kernels[0][0])
    height = output_length(len(channels[0]), rows, strides[0], 0, dilation)
    width = output_length(len(channels[0][0]), columns, strides[1], 0, dilation)

    def entry(i: int, j: int) -> int:
        result = bias
        for channel, kernel in zip(channels, kernels, strict=True):
            for a in range(rows):
                row = channel[i * strides[0] + dilation * a]
                for b in range(columns):
                    result += kernel[a][b] * row[j * strides[1] + dilation * b]
        return result

    return tuple(tuple(entry(i, j) for j in range(width)) for i in range(height))


def by_fourier_transform(
    channels: Sequence[Matrix],
    kernels: Sequence[Matrix],
    *,
    stride: int,
    padding: int,
    dilation: int,
    bias: int,
) -> NDArray[np.int64]:
    """The same layer through the convolution theorem; shares nothing with `cross_correlate`.

    The kernel is spread out by the dilation, correlated over the whole plane as a product of spectra, and the
    result is cut to the positions where the kernel lies inside the padded image, every stride-th of them.
    """
    total = None
    for channel, kernel in zip(channels, kernels, strict=True):
        image = np.pad(np.array(channel, dtype=float), padding)
        spread = np.zeros([dilation * (size - 1) + 1 for size in np.shape(kernel)])
        spread[::dilation, ::dilation] = kernel
        shape = image.shape
        # Conjugating the spectrum of a real kernel turns convolution into correlation.
        plane = np.fft.ifft2(np.fft.fft2(image, shape) * np.conj(np.fft.fft2(spread, shape))).real
        valid = plane[: shape[0] - spread.shape[0] + 1, : shape[1] - spread.shape[1] + 1]
        total = valid if total is None else total + valid
    assert total is not None  # a layer has at least one channel
    result: NDArray[np.int64] = np.rint(total[::stride, ::stride]).astype(np.int64) + bias
    return result
