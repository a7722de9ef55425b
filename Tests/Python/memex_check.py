#!/usr/bin/env python3
"""What MemexLLM's own library does with a store: run by the tests beside ctxbrowse.

usage: memex_check.py write DB COUNT          a thread of COUNT messages, by the history manager
       memex_check.py save DB                 a thread given as JSON on standard input
       memex_check.py read DB ID [LIMIT]      get_thread, as JSON
       memex_check.py append DB ID TEXT       add_message
       memex_check.py list DB                 the ids of list_threads, one a line
       memex_check.py search DB TEXT          the ids of search_threads by content, one a line
"""
import json
import sys
from datetime import datetime, timezone

from memexllm.core.history import HistoryManager
from memexllm.core.models import Message, Thread
from memexllm.storage.sqlite import SQLiteStorage

TEXTS = ["plain", "Grüße aus Köln", "日本語 👩🏽‍💻", "tabs\tand\r\nlines", "a 'quoted' \"text\" \\ 100% _", ""]


def as_json(thread):
    return {
        "id": thread.id,
        "created_at": thread.created_at.isoformat(),
        "updated_at": thread.updated_at.isoformat(),
        "metadata": thread.metadata,
        "messages": [
            {
                "id": message.id,
                "role": message.role,
                "content": message.content,
                "created_at": message.created_at.isoformat(),
                "metadata": message.metadata,
                "token_count": message.token_count,
            }
            for message in thread.messages
        ],
    }


def from_json(value):
    thread = Thread(id=value["id"], metadata=value["metadata"])
    thread.created_at = datetime.fromisoformat(value["created_at"])
    thread.updated_at = datetime.fromisoformat(value["updated_at"])
    thread.messages = [
        Message(
            id=message["id"],
            role=message["role"],
            content=message["content"],
            created_at=datetime.fromisoformat(message["created_at"]),
            metadata=message["metadata"],
            token_count=message["token_count"],
        )
        for message in value["messages"]
    ]
    return thread


def write(storage, count):
    thread = Thread(id="t", metadata={"title": "Grüße", "n": 9007199254740993, "nested": {"a": None, "b": [1.5, "x"]}})
    roles = ["system"] + ["user", "assistant"] * count
    for index in range(count):
        thread.messages.append(
            Message(
                id=f"m{index}",
                role=roles[index],
                content=f"[{index}] {TEXTS[index % len(TEXTS)]}",
                created_at=datetime(2025, 3, 1, 8, tzinfo=timezone.utc),
                metadata={"i": index} if index % 2 else {},
                token_count=index if index % 3 else None,
            )
        )
    thread.updated_at = datetime(2025, 3, 1, 9, 0, 0, 249523, tzinfo=timezone.utc)
    storage.save_thread(thread)


def main():
    verb, path, *rest = sys.argv[1:]
    storage = SQLiteStorage(path)
    if verb == "write":
        write(storage, int(rest[0]))
    elif verb == "save":
        storage.save_thread(from_json(json.load(sys.stdin)))
    elif verb == "read":
        thread = storage.get_thread(rest[0], message_limit=int(rest[1]) if len(rest) > 1 else None)
        print(json.dumps(as_json(thread) if thread else None))
    elif verb == "append":
        HistoryManager(storage).add_message(rest[0], rest[1], "user")
    elif verb == "list":
        for thread in storage.list_threads(limit=1000):
            print(thread.id)
    elif verb == "search":
        for thread in storage.search_threads({"content": rest[0]}):
            print(thread.id)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
