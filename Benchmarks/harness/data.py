"""The generated stores, kept between runs and made again when their generator changes."""
import hashlib
import os
import shutil
import subprocess
import sys

BENCHMARKS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOT = os.path.dirname(BENCHMARKS)
DATA = os.path.join(ROOT, ".build", "bench-data")
PROGRAM = os.path.join(ROOT, ".build", "release", "ctxbrowse")
STORAGE = os.path.join(ROOT, ".build", "release", "StorageBenchmark")
PYTHON = os.environ.get("CTXBROWSE_TEST_PYTHON") or os.path.join(ROOT, ".build", "python", "bin", "python")


def made(name, generator, *arguments):
    """The path of generated data; `{}` in the arguments is where it goes."""
    script = os.path.join(BENCHMARKS, generator)
    with open(script, "rb") as file:
        key = hashlib.sha256(file.read() + repr(arguments).encode()).hexdigest()[:12]
    folder = os.path.join(DATA, f"{name}-{key}")
    target = os.path.join(folder, name)
    if os.path.exists(os.path.join(folder, "complete")):
        return target
    os.makedirs(DATA, exist_ok=True)
    for old in os.listdir(DATA):
        if old.startswith(f"{name}-"):
            shutil.rmtree(os.path.join(DATA, old))
    os.makedirs(folder)
    print(f"making {name} ...", file=sys.stderr, flush=True)
    command = [sys.executable, script, *[argument.replace("{}", target) for argument in arguments]]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    with open(os.path.join(folder, "complete"), "w"):
        pass
    return target


def index_directory():
    """A store of one index of 100 MB under the key `big`; returns the store's directory."""
    return made("index", "make_state.py", "{}/indexes/big")


# The id of the long thread in what `long_thread` makes.
BIG = "00000b16-0000-4000-a000-000000000b16"


def million_messages():
    """100,000 threads with 1,000,000 messages, in the order MemexLLM leaves them in."""
    return made("million.db", "make_memex.py", "{}", "--threads", "100000", "--messages", "1000000")


def shuffled_threads():
    """100,000 threads in no order, with a message each."""
    return made("shuffled.db", "make_memex.py", "{}", "--threads", "100000", "--messages", "100000", "--shuffled")


def long_thread(messages):
    """A few threads and the thread BIG of so many messages."""
    return made(f"thread-{messages}.db", "make_memex.py", "{}", "--threads", "100", "--messages", "1000", "--big",
                str(messages))


def small_store():
    return made("small.db", "make_memex.py", "{}", "--threads", "20", "--messages", "200")
