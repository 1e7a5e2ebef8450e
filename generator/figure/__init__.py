"""Drawings for question and key: graphs, networks, grids, plots, heat maps, receptive fields.

Every function here returns a `Figure`: shapes in points, ready to paint in black and white, and a description in
words. Labels are TeX mathematics; plain words are written with `words("…")`. The `description` that a caller gives
is the lead sentence; each layout adds what the drawing shows, number by number, so that nothing is lost to a
reader who cannot see it.
"""

from generator.figure.compose import beside, stacked
from generator.figure.contour import contour_lines
from generator.figure.extent import words
from generator.figure.field import FieldLayer, field_figure
from generator.figure.graph import graph_figure
from generator.figure.grid import grid_figure, patch_figure
from generator.figure.heatmap import heatmap_figure
from generator.figure.model import Circle, Curve, Figure, Label, Line, Point, Rectangle
from generator.figure.network import Weight, network_figure
from generator.figure.node import GraphEdge, GraphNode
from generator.figure.plot import Mark, PlotCurve, plot_figure

__all__ = [
    "Circle",
    "Curve",
    "FieldLayer",
    "Figure",
    "GraphEdge",
    "GraphNode",
    "Label",
    "Line",
    "Mark",
    "PlotCurve",
    "Point",
    "Rectangle",
    "Weight",
    "beside",
    "contour_lines",
    "field_figure",
    "graph_figure",
    "grid_figure",
    "heatmap_figure",
    "network_figure",
    "patch_figure",
    "plot_figure",
    "stacked",
    "words",
]
