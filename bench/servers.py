"""The product's own processes, started for a measurement, and what they use."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
TICK = os.sysconf("SC_CLK_TCK")


class Server:
    """A process of ours that answers on a port."""

    def __init__(self, *words: str):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.words = [sys.executable, "-m", *(word.format(port=self.port) for word in words)]
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self.words, cwd=PROJECT, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        while self.process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise SystemExit(f"did not start: {' '.join(self.words)}")

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()

    def family(self) -> list[int]:
        """The process and its children."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [self.process.pid, *map(int, children)]

    def cpu(self) -> float:
        """Seconds of processor time so far."""
        stats = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in self.family()]
        return sum(int(words[11]) + int(words[12]) for words in stats) / TICK

    def megabytes(self) -> float:
        """Memory in use."""
        pages = [int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in self.family()]
        return sum(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6
