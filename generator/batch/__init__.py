"""Many variants: built in parallel, written safely, listed in a manifest, verified from it; and the gate."""

from generator.batch.build import BuildReport, build
from generator.batch.content import Finding
from generator.batch.error import BranchError, DistinctError, FolderError, SpreadError, VariantError, WorkerError
from generator.batch.gate import run_gate
from generator.batch.matching import spread
from generator.batch.plan import FORMATS, BuildPlan
from generator.batch.tally import GateResult, bound
from generator.batch.verify import VerifyReport, verify

__all__ = [
    "FORMATS",
    "BranchError",
    "BuildPlan",
    "BuildReport",
    "DistinctError",
    "Finding",
    "FolderError",
    "GateResult",
    "SpreadError",
    "VariantError",
    "VerifyReport",
    "WorkerError",
    "bound",
    "build",
    "run_gate",
    "spread",
    "verify",
]
