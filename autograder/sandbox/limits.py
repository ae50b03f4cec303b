"""What one child may use."""

from dataclasses import dataclass, replace
from typing import Literal

Isolation = Literal["strong", "none"]


@dataclass(frozen=True)
class Limits:
    """Bounds on one child. Memory is on top of what Python and NumPy take.

    waiting_bytes: what all children of a zygote but the one that runs may hold together; they stand still.
    loading_seconds: what may be lost on one notebook's hanging cells, in all its children together.
    frame_bytes: of one message. child_bytes: of all that it sends in its life, which is what the grader may
    have to hold of it.
    """

    call_seconds: float = 5.0
    cell_seconds: float = 5.0
    loading_seconds: float = 20.0
    memory_bytes: int = 1 << 30
    waiting_bytes: int = 256 << 20
    frame_bytes: int = 16 << 20
    child_bytes: int = 64 << 20

    def scaled(self, factor: float) -> "Limits":
        """The same memory, and so many times the time."""
        return replace(
            self,
            call_seconds=self.call_seconds * factor,
            cell_seconds=self.cell_seconds * factor,
            loading_seconds=self.loading_seconds * factor,
        )
