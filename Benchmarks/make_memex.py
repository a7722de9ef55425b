#!/usr/bin/env python3
"""Make a large MemexLLM SQLite store for the benchmarks.

usage: make_memex.py OUT.db [--threads N] [--messages M] [--big B] [--shuffled] [--seed S]

The tables are those of MemexLLM 0.1.0 and the values have its form; rows are
written in bulk, as saving through the library takes hours at this size.
M messages are spread evenly over N threads; --big adds one thread of B messages
under the id BIG. Threads stand in the order of their times, as they do where
MemexLLM stores a thread anew at each save; --shuffled puts them in another, so
that no listing is fast by luck.
"""
import argparse
import json
import os
import random
import sqlite3
from datetime import datetime, timedelta, timezone

SCHEMA = """
CREATE TABLE IF NOT EXISTS threads (
    id TEXT PRIMARY KEY,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    metadata TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS messages (
    id TEXT PRIMARY KEY,
    thread_id TEXT NOT NULL,
    content TEXT NOT NULL,
    role TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    metadata TEXT NOT NULL,
    token_count INTEGER,
    message_index INTEGER NOT NULL,
    FOREIGN KEY (thread_id) REFERENCES threads (id) ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS idx_messages_thread_id ON messages (thread_id, message_index);
"""
WORDS = "the plan for release says that every index build must finish before the agent answers a user".split()
BIG = "00000b16-0000-4000-a000-000000000b16"
START = datetime(2025, 3, 1, 8, 0, 0, tzinfo=timezone.utc)


def new_id(random_):
    text = f"{random_.getrandbits(128):032x}"
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"


def messages(thread, count, start, random_, bodies):
    for index in range(count):
        role = "system" if index == 0 else "tool" if index % 11 == 10 else "assistant" if index % 2 == 0 else "user"
        time = start + timedelta(seconds=13 * index, microseconds=random_.randrange(1_000_000))
        metadata = json.dumps({"i": index, "model": "gpt-4o"}) if index % 3 else "{}"
        body = f"[{index}] {random_.choice(bodies)}"
        tokens = None if index % 5 == 0 else len(body) // 4
        yield (new_id(random_), thread, body, role, time.isoformat(), metadata, tokens, index)


def updated(thread):
    _, start, count, _ = thread
    return start + timedelta(seconds=13 * count)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--threads", type=int, default=100_000)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--big", type=int, default=0)
    parser.add_argument("--shuffled", action="store_true")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    if os.path.exists(options.out):
        os.unlink(options.out)
    random_ = random.Random(options.seed)
    bodies = [" ".join(random_.choices(WORDS, k=random_.randrange(5, 60))) for _ in range(500)]
    connection = sqlite3.connect(options.out)
    connection.executescript("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY;" + SCHEMA)

    threads = []
    each, rest = divmod(options.messages, max(1, options.threads))
    for number in range(options.threads):
        start = START + timedelta(seconds=random_.randrange(10_000_000), microseconds=random_.randrange(1_000_000))
        count = each + (1 if number < rest else 0)
        threads.append((new_id(random_), start, count, number))
    if options.big:
        threads.append((BIG, START, options.big, options.threads))
    if not options.shuffled:
        threads.sort(key=updated)

    def thread_rows():
        for row in threads:
            thread, start, _, number = row
            metadata = {} if number % 4 == 0 else {"title": f"thread {number}", "user": f"u{number % 3}"}
            yield (thread, start.isoformat(), updated(row).isoformat(), json.dumps(metadata))

    def message_rows():
        for thread, start, count, _ in threads:
            yield from messages(thread, count, start, random_, bodies)

    with connection:
        connection.executemany("INSERT INTO threads VALUES (?, ?, ?, ?)", thread_rows())
        connection.executemany("INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?)", message_rows())
    connection.close()
    print(f"{options.out}: {len(threads)} threads, {sum(t[2] for t in threads)} messages")


if __name__ == "__main__":
    main()
