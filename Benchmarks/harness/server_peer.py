"""What redis-py, boto3 and psycopg do with a server; run by the Python that has them installed.

usage: server_peer.py fill-redis URL THREADS        threads of MESSAGES messages, as MemexLLM's documentation stores them
       server_peer.py list-redis URL                the documented loop: the set of ids, one GET a thread
       server_peer.py commands URL                  {"reads": of the server's sockets, COMMAND: calls} so far
       server_peer.py fill-s3 URL INDEXES           PREFIX/KEY/state.json and search.json of each index
       server_peer.py list-s3 URL                   the common prefixes, one GET of search.json each
       server_peer.py fill-postgres URL THREADS     MemexLLM's tables; threads of MESSAGES messages
       server_peer.py page-postgres URL LIMIT       the newest threads with the numbers of their messages
       server_peer.py lengthen-postgres URL COUNT   the thread "long" of exactly COUNT messages
       server_peer.py trim-postgres URL KEEP [FILE] all but its last messages go in one transaction, to FILE first

The acts print the seconds they take: neither Python's start nor the connection is in them.
"""
import json
import os
import sys
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

MESSAGES = 6
LONG = "long"
WORDS = "the plan for release says that every index build must finish before the agent answers a user".split()
START = datetime(2025, 3, 1, 8, tzinfo=timezone.utc)
CONNECTIONS = 16


def thread_id(number):
    """In an order that is not that of their times."""
    return f"{number * 2654435761 % 2**32:08x}-0000-4000-a000-{number:012x}"


def thread_time(number):
    return START + timedelta(seconds=60 * number)


def messages(number):
    for index in range(MESSAGES):
        text = " ".join(WORDS[(number + index * at) % len(WORDS)] for at in range(1, 25))
        yield {"content": f"[{index}] {text}", "role": "assistant" if index % 2 else "user", "metadata": {"i": index},
               "created_at": (thread_time(number) + timedelta(seconds=index)).isoformat()}


def metadata(number):
    return {"title": f"thread {number}", "user": f"u{number % 3}"}


# Redis.

def redis_client(url):
    import redis
    return redis.Redis.from_url(url)


def fill_redis(url, count):
    client = redis_client(url)
    for start in range(0, int(count), 1000):
        with client.pipeline(transaction=False) as pipeline:
            for number in range(start, min(start + 1000, int(count))):
                thread = {"id": thread_id(number), "metadata": metadata(number), "messages": list(messages(number))}
                pipeline.set(f"thread:{thread['id']}", json.dumps(thread))
                pipeline.sadd("threads", thread["id"])
            pipeline.execute()


def list_redis(url):
    client = redis_client(url)
    client.ping()
    began = time.perf_counter()
    threads = []
    for identity in client.smembers("threads"):
        if data := client.get(f"thread:{identity.decode()}"):
            thread = json.loads(data)
            threads.append((thread["id"], len(data), len(thread["messages"])))
    print(time.perf_counter() - began)
    assert len(threads) == client.scard("threads")


def commands(url):
    client = redis_client(url)
    calls = {name.removeprefix("cmdstat_"): found["calls"] for name, found in client.info("commandstats").items()}
    print(json.dumps({"reads": client.info("stats")["total_reads_processed"], **calls}))


# S3.

class Bucket:
    def __init__(self, url):
        import boto3
        import botocore.config
        parts = urllib.parse.urlsplit(url)
        options = dict(urllib.parse.parse_qsl(parts.query))
        self.name, self.prefix = parts.netloc, parts.path.lstrip("/")
        self.client = boto3.session.Session(profile_name=options.get("profile")).client(
            "s3", endpoint_url=options.get("endpoint"), region_name=options.get("region"),
            config=botocore.config.Config(s3={"addressing_style": "path"}, max_pool_connections=CONNECTIONS))


def index_documents(name):
    search = {
        "version": 1,
        "contextState": {"mode": "search-only", "checkpointId": f"checkpoint-{name}", "addedBlobs": [],
                         "deletedBlobs": []},
        "source": {"type": "github", "config": {"owner": "example", "repo": name, "ref": "main"},
                   "resolvedRef": "0123abcd", "syncedAt": "2025-03-01T08:00:00.000Z"},
    }
    state = json.loads(json.dumps(search))
    state["contextState"].update({"mode": "full", "blobs": [["b" * 64, "README.md"]]})
    return {"search.json": search, "state.json": state}


def fill_s3(url, count):
    bucket = Bucket(url)

    def put(number):
        name = f"index-{number:05}"
        for file, document in index_documents(name).items():
            bucket.client.put_object(
                Bucket=bucket.name, Key=f"{bucket.prefix}{name}/{file}", Body=json.dumps(document, indent=2).encode(),
                ContentType="application/json")

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        for _ in pool.map(put, range(int(count))):
            pass


def list_s3(url):
    bucket = Bucket(url)
    began = time.perf_counter()
    pages = bucket.client.get_paginator("list_objects_v2").paginate(
        Bucket=bucket.name, Prefix=bucket.prefix, Delimiter="/")
    directories = [found["Prefix"] for page in pages for found in page.get("CommonPrefixes", [])]

    def get(directory):
        return json.loads(bucket.client.get_object(Bucket=bucket.name, Key=f"{directory}search.json")["Body"].read())

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        found = list(pool.map(get, directories))
    print(time.perf_counter() - began)
    assert found


# PostgreSQL.

SCHEMA = [
    "CREATE TABLE threads (id TEXT PRIMARY KEY, created_at TIMESTAMPTZ NOT NULL, updated_at TIMESTAMPTZ NOT NULL, "
    "metadata JSONB NOT NULL)",
    "CREATE TABLE messages (id TEXT PRIMARY KEY, thread_id TEXT NOT NULL REFERENCES threads (id) ON DELETE CASCADE, "
    "content TEXT NOT NULL, role TEXT NOT NULL, created_at TIMESTAMPTZ NOT NULL, metadata JSONB NOT NULL, "
    "token_count INTEGER, message_index INTEGER NOT NULL)",
    "CREATE INDEX ON messages (thread_id, message_index)",
    "CREATE INDEX ON threads (updated_at)",
]


def postgres(url, **options):
    import psycopg
    return psycopg.connect(url, **options)


def fill_postgres(url, count):
    numbers = range(int(count))
    with postgres(url) as connection:
        cursor = connection.cursor()
        for statement in SCHEMA:
            cursor.execute(statement)
        with cursor.copy("COPY threads FROM STDIN") as copy:
            for number in numbers:
                at = thread_time(number)
                copy.write_row((thread_id(number), at, at + timedelta(seconds=MESSAGES), json.dumps(metadata(number))))
        with cursor.copy("COPY messages FROM STDIN") as copy:
            for number in numbers:
                thread = thread_id(number)
                for index, message in enumerate(messages(number)):
                    copy.write_row((
                        f"{thread}-{index}", thread, message["content"], message["role"], message["created_at"],
                        json.dumps(message["metadata"]), 20 + index, index))
    analyze(url)


def analyze(url):
    # What autovacuum does on a server that is left alone.
    with postgres(url, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE) threads")
        connection.execute("VACUUM (ANALYZE) messages")


def page_postgres(url, limit):
    with postgres(url) as connection:
        began = time.perf_counter()
        found = connection.execute(
            "SELECT t.id, t.created_at, t.updated_at, t.metadata, COUNT(m.id) FROM threads t LEFT JOIN messages m "
            "ON m.thread_id = t.id GROUP BY t.id ORDER BY t.updated_at DESC LIMIT %s", (int(limit),)).fetchall()
        print(time.perf_counter() - began)
    assert len(found) == int(limit)


def lengthen_postgres(url, count):
    with postgres(url) as connection:
        connection.execute("DELETE FROM threads WHERE id = %s", (LONG,))
        connection.execute(
            "INSERT INTO threads VALUES (%s, %s, %s, '{\"title\": \"long\"}')", (LONG, START, START))
        connection.execute(
            "INSERT INTO messages SELECT 'long-' || n, %s, '[' || n || '] ' || repeat('word ', 24), "
            "CASE n %% 2 WHEN 0 THEN 'user' ELSE 'assistant' END, %s, '{}', 25, n FROM generate_series(0, %s) n",
            (LONG, START, int(count) - 1))
    analyze(url)


def trim_postgres(url, keep, path=None):
    going = ("thread_id = %s AND message_index < (SELECT MAX(message_index) + 1 - %s FROM messages WHERE thread_id = %s)",
             (LONG, int(keep), LONG))
    with postgres(url) as connection:
        began = time.perf_counter()
        with connection.transaction():
            if path:
                with open(path, "w") as file, connection.cursor(name="going") as cursor:
                    cursor.itersize = 2000
                    for row in cursor.execute(f"SELECT * FROM messages WHERE {going[0]} ORDER BY message_index", going[1]):
                        file.write(f"{json.dumps(row, default=str)}\n")
                    file.flush()
                    os.fsync(file.fileno())
            connection.execute(f"DELETE FROM messages WHERE {going[0]}", going[1])
        print(time.perf_counter() - began)
        left = connection.execute("SELECT COUNT(*) FROM messages WHERE thread_id = %s", (LONG,)).fetchone()[0]
    assert left == int(keep), left


VERBS = {
    "fill-redis": fill_redis, "list-redis": list_redis, "commands": commands, "fill-s3": fill_s3, "list-s3": list_s3,
    "fill-postgres": fill_postgres, "page-postgres": page_postgres, "lengthen-postgres": lengthen_postgres,
    "trim-postgres": trim_postgres,
}
if len(sys.argv) < 3 or sys.argv[1] not in VERBS:
    sys.exit(__doc__)
VERBS[sys.argv[1]](*sys.argv[2:])
