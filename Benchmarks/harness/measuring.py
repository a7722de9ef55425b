"""Interleaved repetitions, their median and spread, and the table of goals."""
import os
import statistics
import subprocess
import sys
import time


class Samples:
    """Repeated measurements of one thing, in one unit."""

    def __init__(self, values):
        self.values = sorted(values)
        self.median = statistics.median(self.values)

    @property
    def spread(self):
        """Half the distance of the quartiles, as a part of the median."""
        if len(self.values) < 3 or not self.median:
            return 0.0
        low, _, high = statistics.quantiles(self.values, n=4, method="inclusive")
        return (high - low) / 2 / self.median


def interleave(repetitions, **measures):
    """Runs all measures by turns, so that what else the machine does falls on all of them.

    A first round is not counted: it fills the caches for everyone.
    """
    values = {name: [] for name in measures}
    for repetition in range(repetitions + 1):
        names = list(measures)
        if repetition % 2:
            names.reverse()
        for name in names:
            value = measures[name]()
            if repetition:
                values[name].append(value)
    return {name: Samples(found) for name, found in values.items()}


def run(command, **options):
    """Runs a program; returns (seconds from start to end, peak resident bytes)."""
    began = time.monotonic()
    process = subprocess.Popen(
        command, stdin=options.pop("stdin", subprocess.DEVNULL), stdout=options.pop("stdout", subprocess.DEVNULL),
        stderr=subprocess.PIPE, **options)
    message = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stderr.close()
    if process.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{message.decode(errors='replace')}")
    return seconds, usage.ru_maxrss * 1024


def seconds(value):
    return f"{value * 1000:.1f} ms" if value < 1 else f"{value:.2f} s"


def megabytes(value):
    return f"{value / 1e6:.1f} MB"


class Table:
    """One line a goal; printed as they are measured."""

    FORMAT = "{:<58} {:>18} {:>18} {:>9}  {:<12} {}"

    def __init__(self):
        self.missed = 0
        self.has_head = False

    def head(self):
        if not self.has_head:
            print(self.FORMAT.format("what", "ours", "peer's", "ratio", "goal", "met"), flush=True)
            self.has_head = True

    def line(self, what, ours, peer, ratio, goal, is_met):
        self.head()
        if is_met is False:
            self.missed += 1
        answer = "" if is_met is None else "yes" if is_met else "NO"
        print(self.FORMAT.format(what, ours, peer, ratio, goal, answer), flush=True)

    def at_most(self, what, ours, peer, limit, unit=seconds):
        """Ours may be `limit` times the peer's."""
        ratio = ours.median / peer.median
        self.line(what, self.shown(ours, unit), self.shown(peer, unit), f"{ratio:.2f} x", f"<= {limit:g} x",
                  ratio <= limit)

    def faster(self, what, ours, peer, factor):
        """Ours must take a `factor`th of the peer's time."""
        ratio = peer.median / ours.median
        self.line(what, self.shown(ours, seconds), self.shown(peer, seconds), f"{ratio:.1f} x", f">= {factor:g} x",
                  ratio >= factor)

    def below(self, what, ours, limit, unit=megabytes, part=None):
        """Ours has a limit of its own; with `part`, as a part of something."""
        ratio = f"{ours / part:.2f}" if part else ""
        self.line(what, unit(ours), "", ratio, f"<= {unit(limit)}", ours <= limit)

    def note(self, what, ours, peer=None, unit=seconds, is_faster=False):
        """A measurement that no goal names."""
        ratio = ""
        if peer:
            ratio = f"{peer.median / ours.median:.1f} x" if is_faster else f"{ours.median / peer.median:.2f} x"
        self.line(what, self.shown(ours, unit), self.shown(peer, unit) if peer else "", ratio, "", None)

    @staticmethod
    def shown(samples, unit):
        spread = f" ±{samples.spread * 100:.0f}%" if len(samples.values) > 2 else ""
        return unit(samples.median) + spread
