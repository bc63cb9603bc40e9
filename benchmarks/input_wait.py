"""How long an input event that arrives at a random moment waits for the event loop.

The events come from another process, at random (Poisson) moments, over a socket, each with the monotonic
clock's time of its departure. A thread of the measured process could not send them honestly: it would wait for
the interpreter lock exactly when the main thread is busy, and so leave out the long waits.
"""

import random
import socket
import struct
import subprocess
import sys
import time

from PySide6.QtCore import QObject, QSocketNotifier

RATE = 250.0
"""Probes a second: about a thousand of them make a p99 of ten samples."""


class InputProbe(QObject):
    """Collects waits in seconds while it is open; `waits` is what was seen since `reset`."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        port = self._server.getsockname()[1]
        self._process = subprocess.Popen([sys.executable, "-m", "benchmarks.input_wait", str(port)])  # noqa: S603
        self._socket, _ = self._server.accept()
        self._socket.setblocking(False)
        self._notifier = QSocketNotifier(self._socket.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._arrived)

    def _arrived(self) -> None:
        now = time.monotonic()
        try:
            data = self._socket.recv(65536)
        except BlockingIOError:
            return
        for (sent,) in struct.iter_unpack("d", data[: len(data) // 8 * 8]):
            self.waits.append(now - sent)

    def reset(self) -> None:
        """Forget what was seen so far, such as the start."""
        self.waits.clear()

    def close(self) -> None:
        """End the other process."""
        self._notifier.setEnabled(False)
        self._process.terminate()
        self._process.wait()
        self._socket.close()
        self._server.close()


def send_probes(port: int) -> None:
    """The other process: time stamps at random moments until the reader is gone."""
    chance = random.Random(1)
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while True:
            time.sleep(chance.expovariate(RATE))
            try:
                connection.sendall(struct.pack("d", time.monotonic()))
            except OSError:
                return


if __name__ == "__main__":
    send_probes(int(sys.argv[1]))
