"""Bytes written for what is done most, and how soon a key shows, beside tig, nnn, less, VisiData and lnav.

Every program shows a list of some hundred lines of its own kind: threads,
commits, files, lines, rows. The goals are limits of their own; the peers stand
beside them. A peer that is not installed is left out and said to be.
"""
import fcntl
import os
import random
import select
import shutil
import signal
import statistics
import struct
import subprocess
import tempfile
import termios
import time

import data
from browsing import environment, shows
from measuring import Samples, interleave
from screen import Screen
from terminal import NotShown, Terminal

SIZES = ((80, 24), (200, 50))
LINES = 300
MOVES = 20
STORM = 200
ROWS = 1_000_000
KEYS = 300
TICKS = os.sysconf("SC_CLK_TCK")


class Program:
    """A program on its list: how it is started, what shows that its content is there, and its keys."""

    def __init__(self, name, command, content, quiet=0.3, page=b"\x06", variables=None):
        self.name, self.command, self.content = name, command, content
        self.quiet, self.page, self.variables = quiet, page, variables or {}

    def start(self, columns=80, rows=24):
        """In a home directory of its own, which goes with the folder."""
        folder = tempfile.TemporaryDirectory(prefix="ctxbrowse-bench-", ignore_cleanup_errors=True)
        variables = {**environment(folder.name), **self.variables}
        # nnn asks for it to be there.
        os.makedirs(variables["XDG_CONFIG_HOME"])
        directory = self.variables.get("DIRECTORY", folder.name)
        return folder, Terminal(self.command, variables, directory, columns, rows)


def programs():
    folder = os.path.join(data.DATA, "drawing")
    ready = os.path.join(folder, "complete")
    if not os.path.exists(ready):
        shutil.rmtree(folder, ignore_errors=True)
        make_lists(folder)
        open(ready, "w").close()
    store = data.made("list.db", "make_memex.py", "{}", "--threads", str(LINES), "--messages", str(LINES * 10))
    known = [
        Program("ctxbrowse", [data.PROGRAM, store], shows("thread "), quiet=0.4),
        Program("tig", ["tig"], shows("commit 299"), page=b" ", variables={
            "DIRECTORY": os.path.join(folder, "repository"), "GIT_CONFIG_GLOBAL": "/dev/null"}),
        Program("nnn", ["nnn", os.path.join(folder, "files")], shows("file-000"), page=b"\x1b[6~"),
        Program("less", ["less", os.path.join(folder, "lines.txt")], shows("line 1 "), variables={"LESSHISTFILE": "-"}),
        Program("VisiData", ["vd", os.path.join(folder, "rows.csv")], shows("name 1"), quiet=0.6),
        Program("lnav", ["lnav", "-N", os.path.join(folder, "lines.log")], shows("line 2"), quiet=0.8, page=b" "),
    ]
    found = [program for program in known if os.path.exists(program.command[0]) or shutil.which(program.command[0])]
    missing = [program.name for program in known if program not in found]
    return found, missing


def make_lists(folder):
    """A list of LINES lines for each peer."""
    os.makedirs(os.path.join(folder, "files"))
    for number in range(LINES):
        open(os.path.join(folder, "files", f"file-{number:03}"), "w").close()
    with open(os.path.join(folder, "lines.txt"), "w") as file:
        file.writelines(f"line {number} of a file whose lines are about as long as a title is\n"
                        for number in range(1, LINES + 1))
    with open(os.path.join(folder, "lines.log"), "w") as file:
        file.writelines(f"2025-03-01T08:{number // 60:02}:{number % 60:02} INFO line {number} of a log of some length\n"
                        for number in range(1, LINES + 1))
    with open(os.path.join(folder, "rows.csv"), "w") as file:
        file.write("name,number,updated\n")
        file.writelines(f"name {number},{number * 7},2025-03-{number % 28 + 1:02}\n" for number in range(1, LINES + 1))
    repository = os.path.join(folder, "repository")
    subprocess.run(["git", "init", "-q", repository], check=True)
    stream = []
    for number in range(LINES):
        subject = f"commit {number} of some that are there"
        stream.append(f"commit refs/heads/main\ncommitter A B <a@b> {1740000000 + number * 60} +0000\n"
                      f"data {len(subject)}\n{subject}\n")
    subprocess.run(["git", "fast-import", "--quiet"], cwd=repository, input="".join(stream).encode(), check=True)
    subprocess.run(["git", "symbolic-ref", "HEAD", "refs/heads/main"], cwd=repository, check=True)


class Drawn:
    """What one program wrote at one size."""

    def __init__(self, program, columns, rows):
        folder, terminal = program.start(columns, rows)
        with folder, terminal:
            terminal.until(program.content)
            terminal.settle(program.quiet)
            self.first = terminal.written
            self.characters = characters(terminal)
            moves = []
            for _ in range(MOVES):
                moves.append(self.bytes(terminal, b"j", 0.05))
                # What stands beside the list follows a little later and is not the move's.
                terminal.settle(0.2)
            self.move = int(statistics.median(moves))
            self.page = self.bytes(terminal, program.page, program.quiet)
            self.page_characters = characters(terminal)
            terminal.settle(1.0)
            before, used = terminal.written, processor_seconds(terminal.pid)
            end = time.monotonic() + 1.5
            while time.monotonic() < end:
                time.sleep(0.05)
                terminal.drain()
            self.idle = terminal.written - before
            self.idle_seconds = processor_seconds(terminal.pid) - used
            self.storm(terminal, columns, rows, program.quiet)

    @staticmethod
    def bytes(terminal, keys, quiet):
        before = terminal.written
        terminal.press(keys)
        terminal.settle(quiet)
        return terminal.written - before

    def storm(self, terminal, columns, rows, quiet):
        """Many sizes in a second; the picture at the last one must be what a redraw makes of it."""
        random_ = random.Random(7)
        written, used = terminal.written, processor_seconds(terminal.pid)
        for step in range(STORM):
            resize(terminal, random_.randint(20, 220), random_.randint(5, 60))
            terminal.drain()
            time.sleep(1 / STORM)
        resize(terminal, columns + 1, rows)
        terminal.settle(0.2)
        # A sequence may be cut where the picture is forgotten.
        before, terminal.screen = terminal.screen, Screen(columns, rows)
        terminal.screen.rest, terminal.screen.decoder = before.rest, before.decoder
        resize(terminal, columns, rows)
        terminal.settle(max(quiet, 0.5))
        self.storm_bytes = terminal.written - written
        self.storm_seconds = processor_seconds(terminal.pid) - used
        picture = terminal.screen.text()
        terminal.press(b"\x0c")
        terminal.settle(max(quiet, 0.5))
        self.is_right = bool(picture.strip()) and terminal.screen.text() == picture


def characters(terminal):
    """What can be read on the screen, up to the last character of each line."""
    return sum(len(line) for line in terminal.screen.lines())


def resize(terminal, columns, rows):
    fcntl.ioctl(terminal.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    os.kill(terminal.pid, signal.SIGWINCH)


def processor_seconds(pid):
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def key_delays(program):
    """Seconds from a key to the last byte of what it draws, while a million records load.

    Keys are pressed from the first content on, and each of them can move: down, a page on, up, a page back. What is
    loaded draws as well, at moments of its own: a frame that follows another within three milliseconds is counted as
    part of it.
    """
    folder, terminal = program.start()
    delays = []
    keys = [b"j"] * 4 + [program.page] + [b"k"] * 4 + [b"\x02"]
    with folder, terminal:
        terminal.until(program.content)
        for number in range(KEYS):
            # What is still on its way is not this key's.
            terminal.settle(0.01)
            before = terminal.written
            pressed = terminal.press(keys[number % len(keys)])
            try:
                seen = terminal.until(lambda _: terminal.written > before, 5, since=pressed)
                delays.append(seen + rest_of_frame(terminal, pressed + seen))
            except NotShown:
                delays.append(5.0)
    return delays


def rest_of_frame(terminal, began, quiet=0.003):
    """Seconds from a frame's first bytes to its last."""
    last = began
    while select.select([terminal.master], [], [], quiet)[0]:
        now = time.monotonic()
        if not terminal.drain():
            break
        last = now
    return last - began


def list_moves():
    """Bytes of a move in each list of the demo, whose titles are long, wide, marked and hostile."""
    folder, terminal = Program("ctxbrowse", [data.PROGRAM, "--demo"], shows("1 Indexes")).start()
    moves = {}
    with folder, terminal:
        terminal.until(shows("1 Indexes"))
        terminal.settle(1.0)
        for key, name in ((b"1", "indexes"), (b"2", "threads"), (b"3", "artifacts"), (b"4", "tasks")):
            terminal.press(key + b"g")
            terminal.settle(0.5)
            written = []
            for _ in range(17):
                before, screen = terminal.written, terminal.screen.text()
                terminal.press(b"j")
                terminal.settle(0.1)
                # At the end of a short list there is no move.
                if terminal.screen.text() == screen:
                    break
                written.append(terminal.written - before)
            moves[name] = int(statistics.median(written))
    return moves


def million():
    """A million records for each that loads them."""
    store = data.made("million-threads.db", "make_memex.py", "{}", "--threads", str(ROWS), "--messages", str(ROWS),
                      "--shuffled")
    folder = os.path.join(data.DATA, "drawing-million")
    path = os.path.join(folder, "rows.csv")
    if not os.path.exists(os.path.join(folder, "complete")):
        os.makedirs(folder, exist_ok=True)
        with open(path, "w") as file:
            file.write("name,number,updated\n")
            file.writelines(f"name {number},{number * 7},2025-03-{number % 28 + 1:02}\n" for number in range(ROWS))
        open(os.path.join(folder, "complete"), "w").close()
    return [
        Program("ctxbrowse", [data.PROGRAM, store], shows("1y")),
        Program("less", ["less", path], shows("name 1,"), variables={"LESSHISTFILE": "-"}),
        Program("VisiData", ["vd", path], shows("name 1")),
    ]


def number(value):
    return f"{value:,}".replace(",", " ")


def measure(table, repetitions=7):
    found, missing = programs()
    if missing:
        print(f"   not installed: {', '.join(missing)} (scripts/install-packages bench)", flush=True)
    ours, peers = found[0], found[1:]
    for columns, rows in SIZES:
        size = f"{columns}x{rows}"
        drawn = {}
        for program in found:
            try:
                drawn[program.name] = Drawn(program, columns, rows)
            except NotShown as problem:
                print(f"   {program.name} at {size}: {str(problem).splitlines()[0]}", flush=True)
        if ours.name not in drawn:
            continue
        own = drawn.pop(ours.name)
        goals = (
            ("bytes of the first screen", "first", 1.5 * own.characters), ("bytes of one move", "move", 70),
            ("bytes of a page", "page", 1.2 * own.page_characters), ("bytes in 1.5 s idle", "idle", 0),
            ("processor seconds of these", "idle_seconds", 0),
            ("bytes of 200 resizes", "storm_bytes", None), ("processor seconds of these", "storm_seconds", 0.3),
        )
        for what, field, limit in goals:
            value = getattr(own, field)
            for index, (name, peer) in enumerate(drawn.items()):
                other = getattr(peer, field)
                is_time = field.endswith("_seconds")
                show = (lambda seconds: f"{seconds:.2f} s") if is_time else number
                ratio = f"{value / other:.2f} x" if other else ""
                goal = f"<= {show(limit if is_time else int(limit))}" if limit is not None else ""
                is_first = index == 0
                table.line(f"6  {what} {size}; {name}" if is_first else f"   {what} {size}; {name}", show(value),
                           show(other), ratio, goal if is_first else "",
                           value <= limit if is_first and limit is not None else None)
        table.line(f"6  the picture after 200 resizes {size}", "right" if own.is_right else "WRONG",
                   "", "", "right", own.is_right)
    for name, value in list_moves().items():
        table.line(f"6  bytes of one move, the demo's {name} 80x24", number(value), "", "", "<= 70", value <= 70)
    tig = next((peer for peer in peers if peer.name == "tig"), None)

    def content(program):
        def seconds():
            folder, terminal = program.start()
            with folder, terminal:
                return terminal.until(program.content)
        return seconds

    if tig:
        times = interleave(repetitions, ours=content(ours), tig=content(tig))
        table.at_most("6  start to first content; tig", times["ours"], times["tig"], 1)
    delays = {}
    for program in million():
        if os.path.exists(program.command[0]) or shutil.which(program.command[0]):
            delays[program.name] = Samples(key_delays(program))
    own = delays.pop(ours.name)
    for share, limit in ((50, None), (99, 0.008)):
        for index, (name, peer) in enumerate(delays.items()):
            mine, other = at(own, share), at(peer, share)
            is_met = mine <= limit if limit and index == 0 else None
            table.line(f"{'6 ' if index == 0 else '  '} key to paint, p{share}, a million records load; {name}",
                       f"{mine * 1000:.1f} ms", f"{other * 1000:.1f} ms", f"{mine / other:.2f} x",
                       f"<= {limit * 1000:g} ms" if limit and index == 0 else "", is_met)


def at(samples, share):
    return samples.values[min(len(samples.values) - 1, len(samples.values) * share // 100)]
