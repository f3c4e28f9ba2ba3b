"""The kernel of a project, set up as the environment says."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from baes.cli.project_model import project_model
from baes.core.code_repair import max_retries
from baes.core.enhanced_runtime_kernel import EnhancedRuntimeKernel
from baes.core.project_lock import lock_timeout_s
from baes.core.suite import background_suite_is_on
from baes.core.switches import Switches
from baes.texts import Message
from baes.utils.request_spans import span_export

__all__ = ["project_kernel"]


def project_kernel(
    project: Path, progress: Callable[[Message], None], language: str
) -> EnhancedRuntimeKernel:
    """The kernel that a command uses.

    Raises:
        WrongUsage: A variable holds what it can't.
    """
    return EnhancedRuntimeKernel(
        project,
        switches=Switches.from_environment(os.environ),
        progress=progress,
        language=language,
        background_suite=background_suite_is_on(os.environ),
        lock_timeout_s=lock_timeout_s(os.environ),
        model=project_model(project),
        retries=max_retries(os.environ),
        spans=span_export(os.environ),
    )
