"""What is wrong with a quiz definition, said so that its author finds the place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """`path` is the place in the JSON, `kind` a stable code, `key` the question or outcome ("" for the quiz)."""

    path: str
    kind: str
    key: str
    message: str

    def __str__(self) -> str:
        about = f" ({self.key})" if self.key else ""
        return f"{self.path}{about}: {self.message}"


class DefinitionError(ValueError):
    """A definition that cannot be published; lists everything found, not only the first."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems
