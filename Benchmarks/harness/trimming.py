"""Trim of a long thread beside the same SELECT and DELETE in sqlite3, and beside MemexLLM."""
import os
import shutil
import subprocess
import tempfile

import data
from browsing import environment
from measuring import Samples, interleave, run

MESSAGES = 100_000


def measure(table, repetitions=7):
    with tempfile.TemporaryDirectory(prefix="trim-", dir=data.DATA) as folder:
        trim_most(table, folder, repetitions)
        trim_few(table, folder, repetitions)


def trim(folder, store, keep):
    """Seconds and peak memory of the command on a copy of the store."""
    copy = fresh(folder, store)
    state = tempfile.mkdtemp(prefix="state-", dir=folder)
    try:
        return run([data.PROGRAM, "trim", data.BIG, "--keep", str(keep), "--yes", copy],
                   env={**os.environ, **environment(state)})
    finally:
        shutil.rmtree(state)


def fresh(folder, store):
    """A copy of the store that is on the disk, so that no run writes for another."""
    copy = os.path.join(folder, "store.db")
    for ending in ("", "-journal", "-wal", "-shm"):
        if os.path.exists(copy + ending):
            os.unlink(copy + ending)
    shutil.copyfile(store, copy)
    with open(copy, "rb+") as file:
        os.fsync(file.fileno())
    return copy


def trim_most(table, folder, repetitions):
    store, half = data.long_thread(MESSAGES), data.long_thread(MESSAGES // 2)
    peaks = []

    def ours():
        seconds, peak = trim(folder, store, 100)
        peaks.append(peak)
        return seconds

    def peer():
        copy = fresh(folder, store)
        going = f"thread_id = '{data.BIG}' AND message_index < {MESSAGES - 100}"
        script = os.path.join(folder, "script.sql")
        with open(script, "w") as file:
            file.write(f".bail on\n.output {folder}/going.txt\nBEGIN IMMEDIATE;\n"
                       f"SELECT * FROM messages WHERE {going} ORDER BY message_index;\n"
                       f"DELETE FROM messages WHERE {going};\nCOMMIT;\n")
        with open(script) as file:
            return run(["sqlite3", copy], stdin=file)[0]

    found = interleave(repetitions, ours=ours, peer=peer)
    table.at_most("4  trim of 100,000 messages to 100; sqlite3", found["ours"], found["peer"], 1.5)
    smaller = max(trim(folder, half, 100)[1] for _ in range(3))
    peak = max(peaks)
    # Twice the messages through the same memory.
    table.line("4  memory of that trim; of one of 50,000", f"{peak / 1e6:.1f} MB", f"{smaller / 1e6:.1f} MB",
               f"{peak / smaller:.2f} x", "<= 1.25 x", peak <= smaller * 1.25)


def trim_few(table, folder, repetitions):
    store = data.long_thread(MESSAGES)

    def ours():
        return trim(folder, store, MESSAGES - 100)[0]

    def peer():
        command = [data.PYTHON, f"{data.BENCHMARKS}/harness/memexllm_peer.py", fresh(folder, store), "trim", data.BIG,
                   "100"]
        return float(subprocess.run(command, check=True, capture_output=True).stdout)

    found = interleave(repetitions, ours=ours, peer=peer)
    table.faster("4  trim to 99,900; MemexLLM get_thread, save_thread", found["ours"], found["peer"], 100)
