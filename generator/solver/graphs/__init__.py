"""Computational graphs: steps read from text, values, derivatives backwards and forwards, and finite differences."""

from generator.solver.graphs.chain import Chain, Link, derivative_tex, forward_chains, reverse_chains
from generator.solver.graphs.mistakes import Mistake, at_point, in_input, mistakes
from generator.solver.graphs.numeric import composed_value, difference, numeric, numeric_values, points_near, real
from generator.solver.graphs.rules import name_tex, step_tex
from generator.solver.graphs.steps import SMOOTH, Graph, GraphSteps, Operand, Operation, Step, parse_graph
from generator.solver.graphs.symbolic import composed, expression_tex, printed_length, shortest, symbol, whole_tex
from generator.solver.graphs.worked import forward_lines, reverse_lines, share_values, tangent_lines

__all__ = [
    "SMOOTH",
    "Chain",
    "Graph",
    "GraphSteps",
    "Link",
    "Mistake",
    "Operand",
    "Operation",
    "Step",
    "at_point",
    "composed",
    "composed_value",
    "derivative_tex",
    "difference",
    "expression_tex",
    "forward_chains",
    "forward_lines",
    "in_input",
    "mistakes",
    "name_tex",
    "numeric",
    "numeric_values",
    "parse_graph",
    "points_near",
    "printed_length",
    "real",
    "reverse_chains",
    "reverse_lines",
    "share_values",
    "shortest",
    "step_tex",
    "symbol",
    "tangent_lines",
    "whole_tex",
]
