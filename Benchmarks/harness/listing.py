"""A page of threads out of 100,000 beside MemexLLM's own listing, and the browser's memory."""
import json
import subprocess

import data
from browsing import browser, shows
from measuring import Samples, interleave


def measure(table, repetitions=9):
    store = data.million_messages()
    ours, peer, reports = measured(store, repetitions)
    first = Samples([report["first"] for report in reports])
    table.at_most("3  opening and first page; MemexLLM list_threads(100)", ours, peer, 0.5)
    table.note("   first page of an open source", first, peer)
    table.at_most("3  last page; our first page", Samples([report["last"] for report in reports]), first, 1.25)
    table.note("   second page; our first page", Samples([report["second"] for report in reports]), first)
    ours, peer, _ = measured(data.shuffled_threads(), repetitions)
    table.note("   the same, rows not in the order of their times", ours, peer)
    browse(table, store)


def measured(store, repetitions):
    reports = []

    def ours():
        output = subprocess.run([data.STORAGE, "pages", store, "100"], check=True, capture_output=True).stdout
        reports.append(json.loads(output))
        return reports[-1]["open"] + reports[-1]["first"]

    def peer():
        command = [data.PYTHON, f"{data.BENCHMARKS}/harness/memexllm_peer.py", store, "list", "100"]
        return float(subprocess.run(command, check=True, capture_output=True).stdout)

    found = interleave(repetitions, ours=ours, peer=peer)
    return found["ours"], found["peer"], reports[1:]


def browse(table, store):
    folder, terminal = browser(store)
    with folder, terminal:
        terminal.until(shows("Threads 100 000"))
        terminal.settle()
        for key in [b"2", b"G", b"g", *[b"\x06"] * 20, b"G", *[b"\x02"] * 20, b"g", b"j", b"\r", b"G", b"g"]:
            terminal.press(key)
            terminal.settle(quiet=0.1)
        table.below("3  memory while browsing (peak resident)", terminal.memory()["VmHWM"], 40e6)
