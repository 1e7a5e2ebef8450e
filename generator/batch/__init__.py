"""Many variants: built in parallel, written safely, listed in a manifest, verified from it; and the gate."""

from generator.batch.build import BuildReport, build
from generator.batch.error import FolderError, VariantError, WorkerError
from generator.batch.gate import GateResult, run_gate
from generator.batch.plan import FORMATS, BuildPlan
from generator.batch.verify import Finding, VerifyReport, verify

__all__ = [
    "FORMATS",
    "BuildPlan",
    "BuildReport",
    "Finding",
    "FolderError",
    "GateResult",
    "VariantError",
    "VerifyReport",
    "WorkerError",
    "build",
    "run_gate",
    "verify",
]
