"""The real browser on generated stores, and `less` beside it."""
import os
import tempfile

from data import PROGRAM
from terminal import Terminal


def environment(folder):
    """Nobody's configuration and a state directory of its own, as at any start but the first, which shows the first keys."""
    state = os.path.join(folder, "state", "ctxbrowse")
    os.makedirs(state, mode=0o700, exist_ok=True)
    with open(os.path.join(state, "session.json"), "w") as file:
        file.write('{"form": 1}\n')
    return {
        "HOME": folder, "XDG_CONFIG_HOME": os.path.join(folder, "config"),
        "XDG_STATE_HOME": os.path.join(folder, "state"),
    }


def is_framed(screen):
    """The first frame: its first and its last line have text."""
    lines = screen.lines()
    return bool(lines[0].strip()) and bool(lines[-1].strip())


def shows(*texts):
    """All these texts are somewhere on the screen."""

    def is_shown(screen):
        text = screen.text()
        return all(wanted in text for wanted in texts)

    return is_shown


class Less:
    """`less` on a file whose first screen is known."""

    def __init__(self, path):
        self.path = path
        with open(path) as file:
            self.expected = [next(file).rstrip("\n")[:80] for _ in range(23)]

    def seconds(self):
        def is_full(screen):
            lines = screen.lines()
            return lines[:23] == self.expected and lines[23] != ""

        with Terminal(["less", self.path], {"LESSHISTFILE": "-"}) as terminal:
            return terminal.until(is_full)


def browser(*sources):
    """The browser on these sources; its configuration and state go with the folder it returns."""
    folder = tempfile.TemporaryDirectory(prefix="ctxbrowse-bench-")
    return folder, Terminal([PROGRAM, *sources], environment(folder.name), folder.name)
