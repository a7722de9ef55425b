"""An index state of 100 MB: first screen, full index, memory."""
import json
import os
import subprocess
import sys

import data
from browsing import Less, browser, shows
from measuring import Samples, interleave, run

PYTHON_LOAD = """
import json, sys, time
began = time.perf_counter()
with open(sys.argv[1], "rb") as file:
    json.load(file)
print(time.perf_counter() - began)
"""


def measure(table, repetitions=7):
    base = data.index_directory()
    state = os.path.join(base, "indexes", "big", "state.json")
    size = os.path.getsize(state)
    less = Less(state)

    def outline():
        output = subprocess.run([data.STORAGE, "outline", state], check=True, capture_output=True).stdout
        return json.loads(output)

    reports = []

    def first_rows():
        reports.append(outline())
        return reports[-1]["firstScreen"]

    from_start = []

    def tree():
        folder, terminal = browser(base)
        with folder, terminal:
            listed = terminal.until(shows("big", "acme"))
            terminal.settle()
            pressed = terminal.press(b"\r")
            opened = terminal.until(shows("version", "contextState", "blobs"), since=pressed)
            from_start.append(listed + opened)
            return opened

    found = interleave(repetitions, ours=tree, peer=less.seconds, rows=first_rows)
    table.at_most("2  100 MB state: Enter to the JSON tree; less", found["ours"], found["peer"], 3)
    table.note("   start to the list and Enter to the tree together", Samples(from_start[1:]), found["peer"])
    table.note("   library: open, map, first 24 rows", found["rows"], found["peer"])

    def jq():
        return run(["jq", ".", state])[0]

    def python():
        return float(subprocess.run([sys.executable, "-c", PYTHON_LOAD, state], check=True, capture_output=True).stdout)

    def whole():
        return run([data.STORAGE, "outline", state])[0]

    found = interleave(3, ours=whole, jq=jq, python=python)
    table.faster("2  full index, whole process; jq . >/dev/null", found["ours"], found["jq"], 20)
    table.faster("2  full index, whole process; Python json.load alone", found["ours"], found["python"], 4)
    table.note("   library: index alone", Samples([report["index"] for report in reports]))
    memory(table, base, state, size, max(report["beyondFile"] for report in reports))


def memory(table, base, state, size, library):
    table.below("2  memory beyond the file, library", library, size / 4, part=size)
    folder, terminal = browser(base)
    with folder, terminal:
        terminal.until(shows("big"))
        terminal.press(b"\r")
        # What stands behind the blobs is shown when all of them have been read.
        terminal.until(shows("contextState", "syncedAt"), sample_memory=True)
        terminal.press(b"G")
        terminal.settle(quiet=2, sample_memory=True)
        peak = max(terminal.peak_anonymous + other_files(terminal.pid, state), 0)
        table.below("2  memory beyond the file, browser with the tree open", peak, size / 4, part=size)


def other_files(pid, path):
    """Resident bytes of all file mappings but the document's: the program itself."""
    total, is_file = 0, False
    with open(f"/proc/{pid}/smaps") as smaps:
        for line in smaps:
            parts = line.split()
            if "-" in parts[0] and not parts[0].endswith(":"):
                is_file = len(parts) > 5 and parts[5].startswith("/") and parts[5] != os.path.realpath(path)
            elif is_file and parts[0] == "Rss:":
                total += int(parts[1]) * 1024
            elif is_file and parts[0] == "Anonymous:":
                # Written copies of file pages are in RssAnon already.
                total -= int(parts[1]) * 1024
    return total
