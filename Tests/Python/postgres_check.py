#!/usr/bin/env python3
"""What another program does with PostgreSQL, by psycopg: run by the tests beside ctxbrowse.

usage: postgres_check.py VERB URL ... [--schema NAME]
   create URL [text|json|jsonb [text|timestamptz]]
                                   the tables threads, messages and indexes; the types of documents and of times
   write-threads URL N M           N threads of M messages, ids thread-000000 ..., the last one changed last
   write-thread URL                one as JSON on standard input: {"id", "created_at", "updated_at", "metadata",
                                   "messages": [{"id", "role", "content", "created_at", "metadata", "token_count"}]}
   read-thread URL ID [LIMIT]      the same form, or null; with LIMIT the newest messages in order
   list URL [LIMIT [OFFSET]]       {"threads": [ids]}, changed last first
   search URL TEXT                 {"threads": [ids]} with TEXT in a message, in any case of letters
   rows URL ID                     {"rows": [[message_index, id]]}, gaps as they are
   append URL ID COUNT [MANNER]    COUNT messages "appended 0" ...; COUNT 0 goes on until standard input is closed.
                                   MANNER insert (default): one row behind the last, the thread's row locked;
                                   rewrite: all rows anew from 0 as MemexLLM saves, the thread's row locked;
                                   unlocked: the same without a lock, which brings back what was trimmed meanwhile
                                   {"appended", "conflicts": tries the server refused, "messages": now}
   write-connectors URL KEY...     a row for each index
   read-connectors URL KEY         {"key", "state": JSON or null, "search": JSON or null}
   list-connectors URL             {"keys": [...]}
   execute URL SQL                 any one statement: {"rows": [...] or null}
   clear URL                       drops the three tables

URL is postgres://... as libpq has it.
"""
import json
import sys
import uuid

import psycopg
import psycopg.sql

sys.dont_write_bytecode = True

import records  # noqa: E402

SCHEMA = None
COLUMNS = "id, role, content, created_at, metadata, token_count"


def connect(url):
    connection = psycopg.connect(url)
    if SCHEMA:
        connection.execute(psycopg.sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(psycopg.sql.Identifier(SCHEMA)))
        connection.execute(psycopg.sql.SQL("SET search_path TO {}").format(psycopg.sql.Identifier(SCHEMA)))
        connection.commit()
    return connection


def create(url, documents="text", times="text"):
    if documents not in ("text", "json", "jsonb") or times not in ("text", "timestamptz"):
        sys.exit(__doc__)
    with connect(url) as connection:
        connection.execute(
            f"CREATE TABLE IF NOT EXISTS threads (id TEXT PRIMARY KEY, created_at {times} NOT NULL, "
            f"updated_at {times} NOT NULL, metadata {documents} NOT NULL)")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS messages (id TEXT PRIMARY KEY, thread_id TEXT NOT NULL, content TEXT NOT NULL, "
            f"role TEXT NOT NULL, created_at {times} NOT NULL, metadata {documents} NOT NULL, token_count INTEGER, "
            "message_index INTEGER NOT NULL, FOREIGN KEY (thread_id) REFERENCES threads (id) ON DELETE CASCADE)")
        connection.execute(
            "CREATE INDEX IF NOT EXISTS messages_thread_index ON messages (thread_id, message_index)")
        connection.execute(
            f"CREATE TABLE IF NOT EXISTS indexes (name TEXT PRIMARY KEY, full_state {documents}, search_state {documents})")
    records.answer({"documents": documents, "times": times})


def save(connection, thread):
    """As MemexLLM saves: the thread's row, then all its messages anew, numbered from 0."""
    connection.execute(
        "INSERT INTO threads (id, created_at, updated_at, metadata) VALUES (%s, %s, %s, %s) ON CONFLICT (id) "
        "DO UPDATE SET created_at = EXCLUDED.created_at, updated_at = EXCLUDED.updated_at, metadata = EXCLUDED.metadata",
        (thread["id"], thread["created_at"], thread["updated_at"], json.dumps(thread["metadata"])))
    connection.execute("DELETE FROM messages WHERE thread_id = %s", (thread["id"],))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO messages ({COLUMNS}, thread_id, message_index) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            [row(message) + (thread["id"], index) for index, message in enumerate(thread["messages"])])


def row(message):
    content = message["content"]
    return (
        message["id"], message["role"], content if isinstance(content, str) else json.dumps(content),
        message["created_at"], json.dumps(message["metadata"]), message["token_count"])


def load(connection, identity, limit=None):
    found = connection.execute(
        "SELECT id, created_at, updated_at, metadata FROM threads WHERE id = %s", (identity,)).fetchone()
    if not found:
        return None
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM messages WHERE thread_id = %s ORDER BY message_index DESC LIMIT %s",
        (identity, limit)).fetchall()
    names = COLUMNS.split(", ")
    messages = [dict(zip(names, (plain(name, value) for name, value in zip(names, values)))) for values in rows[::-1]]
    names = ("id", "created_at", "updated_at", "metadata")
    return {**{name: plain(name, value) for name, value in zip(names, found)}, "messages": messages}


def plain(name, value):
    """A column's value as it is in the thread's JSON, whatever the column's type."""
    if name == "metadata" and isinstance(value, str):
        return json.loads(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def sample(number, count):
    identity = records.thread_id(number)
    messages = [
        {**records.message(index), "id": f"{identity}-{index}", "token_count": index if index % 3 else None}
        for index in range(count)]
    return {
        "id": identity, "created_at": records.time(number), "updated_at": records.time(number),
        "metadata": records.thread_metadata(number), "messages": messages}


def write_threads(url, count, messages):
    with connect(url) as connection, connection.pipeline():
        for number in range(int(count)):
            save(connection, sample(number, int(messages)))
    records.answer({
        "threads": int(count), "messages": int(messages), "first": records.thread_id(0),
        "last": records.thread_id(max(0, int(count) - 1))})


def write_thread(url):
    thread = json.load(sys.stdin)
    with connect(url) as connection:
        save(connection, thread)
    records.answer({"id": thread["id"]})


def read_thread(url, identity, limit=None):
    with connect(url) as connection:
        records.answer(load(connection, identity, int(limit) if limit else None))


def list_threads(url, limit="100", offset="0"):
    answer_ids(url, "SELECT id FROM threads ORDER BY updated_at DESC LIMIT %s OFFSET %s", (int(limit), int(offset)))


def search(url, text):
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    answer_ids(
        url, "SELECT id FROM threads WHERE EXISTS (SELECT 1 FROM messages WHERE thread_id = threads.id AND content ILIKE %s) "
        "ORDER BY updated_at DESC", (f"%{escaped}%",))


def answer_ids(url, statement, values):
    with connect(url) as connection:
        records.answer({"threads": [identity for identity, in connection.execute(statement, values)]})


def rows(url, identity):
    with connect(url) as connection:
        found = connection.execute(
            "SELECT message_index, id FROM messages WHERE thread_id = %s ORDER BY message_index", (identity,))
        records.answer({"rows": [list(values) for values in found]})


def append(url, identity, count, manner="insert"):
    if manner not in ("insert", "rewrite", "unlocked"):
        sys.exit(__doc__)
    appended = conflicts = length = 0
    with connect(url) as connection:
        for number in records.counts(int(count)):
            message = {**records.message(number), "content": f"appended {number}", "id": str(uuid.uuid4()),
                       "token_count": None}
            while True:
                try:
                    length = append_once(connection, identity, message, manner)
                    break
                except (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected):
                    conflicts += 1
            appended = number + 1
    records.answer({"appended": appended, "conflicts": conflicts, "messages": length})


def append_once(connection, identity, message, manner):
    if manner == "unlocked":
        thread = load(connection, identity)
        connection.commit()
    with connection.transaction():
        if manner != "unlocked":
            connection.execute("SELECT id FROM threads WHERE id = %s FOR UPDATE", (identity,))
        if manner == "insert":
            connection.execute(
                f"INSERT INTO messages ({COLUMNS}, thread_id, message_index) SELECT %s, %s, %s, %s, %s, %s, %s, "
                "COALESCE(MAX(message_index) + 1, 0) FROM messages WHERE thread_id = %s",
                row(message) + (identity, identity))
            return connection.execute("SELECT COUNT(*) FROM messages WHERE thread_id = %s", (identity,)).fetchone()[0]
        if manner == "rewrite":
            thread = load(connection, identity)
        thread["messages"].append(message)
        save(connection, thread)
        return len(thread["messages"])


def write_connectors(url, *keys):
    names = [records.sanitised(key) for key in keys]
    with connect(url) as connection:
        for name in names:
            state, search = records.connectors_documents(name)
            connection.execute(
                "INSERT INTO indexes (name, full_state, search_state) VALUES (%s, %s, %s) ON CONFLICT (name) "
                "DO UPDATE SET full_state = EXCLUDED.full_state, search_state = EXCLUDED.search_state",
                (name, records.connectors_text(state), records.connectors_text(search)))
    records.answer({"keys": names})


def read_connectors(url, key):
    with connect(url) as connection:
        found = connection.execute("SELECT full_state, search_state FROM indexes WHERE name = %s", (key,)).fetchone()
    state, search = (json.loads(value) if isinstance(value, str) else value for value in found or (None, None))
    records.answer({"key": key, "state": state, "search": search})


def list_connectors(url):
    with connect(url) as connection:
        found = connection.execute('SELECT name FROM indexes ORDER BY name COLLATE "C"')
        records.answer({"keys": [name for name, in found]})


def execute(url, statement):
    with connect(url) as connection:
        cursor = connection.execute(statement)
        found = None if cursor.description is None else [[str(value) if value is not None else None for value in values]
                                                         for values in cursor]
    records.answer({"rows": found})


def clear(url):
    with connect(url) as connection:
        connection.execute("DROP TABLE IF EXISTS messages, threads, indexes")
    records.answer({"cleared": True})


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if "--schema" in arguments[:-1]:
        at = arguments.index("--schema")
        SCHEMA = arguments[at + 1]
        del arguments[at:at + 2]
    records.run({
        "create": create, "write-threads": write_threads, "write-thread": write_thread, "read-thread": read_thread,
        "list": list_threads, "search": search, "rows": rows, "append": append, "write-connectors": write_connectors,
        "read-connectors": read_connectors, "list-connectors": list_connectors, "execute": execute, "clear": clear,
    }, __doc__, arguments)
