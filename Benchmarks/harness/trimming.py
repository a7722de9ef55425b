"""Trim of a long thread beside the same SELECT and DELETE in sqlite3, and beside MemexLLM."""
import json
import os
import shutil
import subprocess
import tempfile
import time

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
    """A copy of the store that is on the disk, so that no run waits for another's writes.

    It is written over the last copy: freed blocks would be discarded by the
    next commit of the file system, in the middle of what is measured.
    """
    copy = os.path.join(folder, "store.db")
    for ending in ("-journal", "-wal", "-shm"):
        if os.path.exists(copy + ending):
            os.unlink(copy + ending)
    with open(store, "rb") as source, open(copy, "rb+" if os.path.exists(copy) else "wb") as target:
        shutil.copyfileobj(source, target, 1 << 20)
        target.truncate()
    os.sync()
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
    """The acts alone on both sides, as the peer is a library; then both as programs a person would run."""
    store = data.long_thread(MESSAGES)
    copy = os.path.join(folder, "store.db")
    peer_command = [data.PYTHON, f"{data.BENCHMARKS}/harness/memexllm_peer.py", copy, "trim", data.BIG, "100"]
    peer_commands = []

    def ours():
        fresh(folder, store)
        state = tempfile.mkdtemp(prefix="state-", dir=folder)
        command = [data.STORAGE, "trim", copy, data.BIG, str(MESSAGES - 100), state]
        report = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        shutil.rmtree(state)
        return report["plan"] + report["carryOut"]

    def command():
        return trim(folder, store, MESSAGES - 100)[0]

    def peer():
        fresh(folder, store)
        began = time.monotonic()
        output = subprocess.run(peer_command, check=True, capture_output=True).stdout
        peer_commands.append(time.monotonic() - began)
        return float(output)

    found = interleave(repetitions, ours=ours, command=command, peer=peer)
    table.faster("4  trim to 99,900; MemexLLM get_thread, save_thread", found["ours"], found["peer"], 100)
    whole = Samples(peer_commands[1:])
    table.note("   the same as whole programs", found["command"], whole, is_faster=True)
