"""The grader's end of a channel to a child: frames with a deadline each, and no trust in who sends them."""

import select
import socket
import time
from typing import Any

from autograder.sandbox.inside import wire


class DeadlineExceeded(Exception):
    """The deadline passed."""


class PeerClosed(Exception):
    """The other side closed the channel."""


class Channel:
    """Frames over a socket, with a deadline for each; never waits for a peer's goodwill.

    limit: bytes of a frame. budget: bytes of all frames together, None for any number.
    """

    def __init__(self, sock: socket.socket, limit: int, budget: int | None = None) -> None:
        sock.setblocking(False)
        self.sock, self.limit, self.budget = sock, limit, budget
        self.came = 0
        self.buffer = bytearray()
        self.poll = select.poll()

    def _wait(self, events: int, deadline: float) -> None:
        self.poll.register(self.sock, events)
        left = deadline - time.monotonic()
        if left <= 0 or not self.poll.poll(left * 1000 + 1):
            raise DeadlineExceeded

    def send(self, data: bytes, deadline: float) -> None:
        view = memoryview(data)
        while view:
            try:
                view = view[self.sock.send(view) :]
            except BlockingIOError:
                self._wait(select.POLLOUT, deadline)
            except OSError:
                raise PeerClosed from None

    def _fill(self, deadline: float) -> None:
        while True:
            # Also for one who sends a byte at a time.
            if time.monotonic() > deadline:
                raise DeadlineExceeded
            try:
                part = self.sock.recv(1 << 18)
            except BlockingIOError:
                self._wait(select.POLLIN, deadline)
                continue
            except OSError:
                raise PeerClosed from None
            if not part:
                raise PeerClosed
            self.came += len(part)
            if self.budget is not None and self.came > self.budget:
                raise wire.FrameError("more bytes in all than one process may send")
            self.buffer += part
            return

    def receive(self, deadline: float) -> tuple[dict[str, Any], bytes]:
        """Header and payload of the next frame. The buffer grows with what came, not what was announced."""
        prefix = wire.LENGTHS.size
        while len(self.buffer) < prefix:
            self._fill(deadline)
        header, payload = wire.lengths(bytes(self.buffer[:prefix]), self.limit)
        end = prefix + header + payload
        while len(self.buffer) < end:
            self._fill(deadline)
        text, raw = bytes(self.buffer[prefix : prefix + header]), bytes(self.buffer[prefix + header : end])
        del self.buffer[:end]
        return wire.read_header(text), raw

    def unasked(self) -> bool:
        """Is there anything to read although nothing was asked? (The end of the other side doesn't count.)"""
        if self.buffer:
            return True
        try:
            return bool(self.sock.recv(1, socket.MSG_PEEK))
        except OSError:
            return False
