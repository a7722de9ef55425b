"""A program in a terminal of its own, and how long it takes until something is on its screen.

The terminal answers no queries: ctxbrowse, which asks one, does not wait for
the answer. Output is read as soon as it is there; a time is that of the read
that completed the picture, so that what this harness does with the bytes is
not measured.
"""
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time

from screen import Screen

COLUMNS, ROWS = 80, 24


class NotShown(Exception):
    """The program ended or the time was up before the screen was as expected."""


class Terminal:
    """Runs a program on a pty, of 80x24 unless told otherwise."""

    def __init__(self, command, environment=None, directory=None, columns=COLUMNS, rows=ROWS):
        self.command = command
        self.screen = Screen(columns, rows)
        self.written = 0
        self.peak_anonymous = 0
        environment = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", **(environment or {})}
        for name in ("LESS", "LESSOPEN", "LESSCLOSE", "NO_COLOR", "TMUX", "COLUMNS", "LINES"):
            environment.pop(name, None)
        started, tell = os.pipe()
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            try:
                os.close(started)
                # The size is set before the program starts, not by a resize it sees.
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
                if directory:
                    os.chdir(directory)
                os.write(tell, struct.pack("d", time.monotonic()))
                os.execvpe(command[0], command, environment)
            finally:
                os._exit(127)
        os.close(tell)
        os.set_blocking(self.master, False)
        self.started = struct.unpack("d", os.read(started, 8))[0]
        os.close(started)

    def until(self, is_shown, timeout=60, since=None, sample_memory=False):
        """Seconds from `since` (the start) until `is_shown(screen)` holds."""
        end = time.monotonic() + timeout
        seen = self.started if since is None else since
        while True:
            if is_shown(self.screen):
                return seen - (self.started if since is None else since)
            if time.monotonic() > end:
                raise NotShown(f"{self.command}: not shown within {timeout} s; the screen is\n{self.screen.text()}")
            if sample_memory:
                self.peak_anonymous = max(self.peak_anonymous, self.memory().get("RssAnon", 0))
            readable, _, _ = select.select([self.master], [], [], 0.003 if sample_memory else 0.5)
            if not readable:
                continue
            seen = time.monotonic()
            if not self.drain():
                raise NotShown(f"{self.command}: ended; the screen was\n{self.screen.text()}")

    def drain(self):
        """Reads all there is; false when the program has closed the terminal."""
        while True:
            try:
                data = os.read(self.master, 65536)
            except BlockingIOError:
                return True
            except OSError:
                return False
            if not data:
                return False
            self.written += len(data)
            self.screen.feed(data)

    def settle(self, quiet=0.25, timeout=20, sample_memory=False):
        """Waits until nothing has been written for `quiet` seconds."""
        end = time.monotonic() + timeout
        last = time.monotonic()
        while time.monotonic() < end and time.monotonic() - last < quiet:
            readable, _, _ = select.select([self.master], [], [], 0.003 if sample_memory else quiet)
            if sample_memory:
                self.peak_anonymous = max(self.peak_anonymous, self.memory().get("RssAnon", 0))
            if readable:
                last = time.monotonic()
                if not self.drain():
                    return

    def press(self, keys):
        """Types the keys; returns when."""
        now = time.monotonic()
        os.write(self.master, keys)
        return now

    def memory(self):
        """Fields of /proc/PID/status in bytes."""
        fields = {}
        try:
            with open(f"/proc/{self.pid}/status") as file:
                for line in file:
                    name, _, value = line.partition(":")
                    if value.rstrip().endswith("kB"):
                        fields[name] = int(value.split()[0]) * 1024
        except OSError:
            pass
        return fields

    def close(self):
        """Ends the program, politely first."""
        try:
            os.kill(self.pid, signal.SIGTERM)
            for _ in range(200):
                self.drain()
                if os.waitpid(self.pid, os.WNOHANG)[0]:
                    return
                time.sleep(0.005)
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass
        finally:
            os.close(self.master)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
