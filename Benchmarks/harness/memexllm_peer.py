"""MemexLLM's own library on a database; run by the Python that has it installed.

usage: memexllm_peer.py DB list COUNT | trim ID DROP
Prints the seconds of the act alone: neither Python's start nor the import nor the opening are in it.
"""
import sys
import time

from memexllm.storage.sqlite import SQLiteStorage

storage = SQLiteStorage(sys.argv[1])
if sys.argv[2] == "list":
    began = time.perf_counter()
    found = storage.list_threads(int(sys.argv[3]))
    taken = time.perf_counter() - began
    assert len(found) == int(sys.argv[3])
else:
    began = time.perf_counter()
    thread = storage.get_thread(sys.argv[3])
    before = len(thread.messages)
    del thread.messages[: int(sys.argv[4])]
    storage.save_thread(thread)
    taken = time.perf_counter() - began
    assert before - len(thread.messages) == int(sys.argv[4])
print(taken)
