"""The check before publishing: what a definition does to those who take it. Pure; the caller brings the context."""

from .context import Context, PurposeSeen
from .findings import Finding, Severity
from .report import Report, analyse, check

__all__ = ["Context", "Finding", "PurposeSeen", "Report", "Severity", "analyse", "check"]
