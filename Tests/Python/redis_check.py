#!/usr/bin/env python3
"""What another program does with Redis, by redis-py: run by the tests beside ctxbrowse.

usage: redis_check.py VERB URL ...
   write-threads URL N M           N threads of M messages, ids thread-000000 ...
   write-thread URL                one, {"id", "metadata", "messages", ...} on standard input, as it is
   read-thread URL ID              {"id", "thread": the JSON or null, "raw": text or null, "ttl": ms or null,
                                   "listed": whether the set has it}
   list URL                        {"threads": [{"id", "messages", "bytes"}] by one GET each, null where the key is
                                   gone or not JSON; "unlisted": [ids the set does not name]}
   append URL ID COUNT [plain]     COUNT messages "appended 0" ... by GET, change, SET; under WATCH and MULTI but with
                                   "plain"; COUNT 0 goes on until standard input is closed.
                                   {"appended", "conflicts": tries that WATCH refused, "messages": now}
   expire URL ID SECONDS           gives a thread a time to live
   write-odd URL                   keys that are no threads: {"wrongType", "notJSON", "binary", "gone", "unlisted"}: ids
   write-connectors URL KEY...     both documents of each index
   read-connectors URL KEY         {"key", "state": JSON or null, "search": JSON or null}
   list-connectors URL             {"state": [keys], "search": [keys]}
   clear URL                       removes all keys of both tools: {"removed": number}

URL is redis://, rediss://...?ca=FILE or unix://; a cluster is found by asking.
"""
import json
import sys
import urllib.parse

import redis

sys.dont_write_bytecode = True

import records  # noqa: E402


def connect(url):
    place, _, query = url.partition("?")
    options = [("ssl_ca_certs" if name == "ca" else name, value) for name, value in urllib.parse.parse_qsl(query)]
    client = redis.Redis.from_url(f"{place}?{urllib.parse.urlencode(options)}" if options else place)
    if client.info("cluster").get("cluster_enabled"):
        client.close()
        return redis.RedisCluster.from_url(url)
    return client


def text(value):
    return None if value is None else value.decode(errors="replace")


def parsed(value):
    try:
        return None if value is None else json.loads(value)
    except ValueError:
        return None


def scan(client, pattern):
    return sorted(text(key) for key in client.scan_iter(match=pattern, count=1000))


def write_threads(url, count, messages):
    client = connect(url)
    body = [records.message(index) for index in range(int(messages))]
    for start in range(0, int(count), 500):
        with client.pipeline(transaction=False) as pipeline:
            for number in range(start, min(start + 500, int(count))):
                save(pipeline, {
                    "id": records.thread_id(number), "metadata": records.thread_metadata(number), "messages": body})
            pipeline.execute()
    records.answer({
        "threads": int(count), "messages": int(messages), "first": records.thread_id(0),
        "last": records.thread_id(max(0, int(count) - 1))})


def save(client, thread):
    client.set(f"thread:{thread['id']}", json.dumps(thread))
    client.sadd("threads", thread["id"])


def write_thread(url):
    raw = sys.stdin.buffer.read()
    identity = json.loads(raw)["id"]
    client = connect(url)
    client.set(f"thread:{identity}", raw)
    client.sadd("threads", identity)
    records.answer({"id": identity})


def read_thread(url, identity):
    client = connect(url)
    raw = client.get(f"thread:{identity}")
    left = client.pttl(f"thread:{identity}")
    records.answer({
        "id": identity, "thread": parsed(raw), "raw": text(raw), "ttl": left if left >= 0 else None,
        "listed": bool(client.sismember("threads", identity))})


def list_threads(url):
    client = connect(url)
    ids = sorted(text(identity) for identity in client.smembers("threads"))
    threads = []
    for identity in ids:
        try:
            raw = client.get(f"thread:{identity}")
        except redis.ResponseError:
            raw = None
        value = parsed(raw)
        messages = value.get("messages") if isinstance(value, dict) else None
        threads.append({
            "id": identity, "messages": len(messages) if isinstance(messages, list) else None,
            "bytes": None if raw is None else len(raw)})
    known = set(ids)
    unlisted = [key[len("thread:"):] for key in scan(client, "thread:*") if key[len("thread:"):] not in known]
    records.answer({"threads": threads, "unlisted": unlisted})


def append(url, identity, count, manner="watch"):
    client = connect(url)
    key = f"thread:{identity}"
    conflicts = appended = length = 0
    for number in records.counts(int(count)):
        added = {"content": f"appended {number}", "role": "user", "metadata": {}, "created_at": records.time(number)}
        if manner == "plain":
            thread = json.loads(client.get(key))
            thread["messages"].append(added)
            client.set(key, json.dumps(thread), keepttl=True)
        else:
            while True:
                with client.pipeline(transaction=True) as pipeline:
                    try:
                        pipeline.watch(key)
                        thread = json.loads(pipeline.get(key))
                        thread["messages"].append(added)
                        pipeline.multi()
                        pipeline.set(key, json.dumps(thread), keepttl=True)
                        pipeline.execute()
                        break
                    except redis.WatchError:
                        conflicts += 1
        appended, length = number + 1, len(thread["messages"])
    records.answer({"appended": appended, "conflicts": conflicts, "messages": length})


def expire(url, identity, seconds):
    records.answer({"id": identity, "set": bool(connect(url).expire(f"thread:{identity}", int(seconds)))})


def write_odd(url):
    client = connect(url)
    client.delete("thread:odd-list")
    client.rpush("thread:odd-list", "a", "b")
    client.set("thread:odd-text", "not JSON {")
    client.set("thread:odd-binary", bytes(range(256)))
    client.set("thread:odd-unlisted", json.dumps({"id": "odd-unlisted", "metadata": {}, "messages": [records.message(0)]}))
    client.sadd("threads", "odd-list", "odd-text", "odd-binary", "odd-gone")
    records.answer({
        "wrongType": "odd-list", "notJSON": "odd-text", "binary": "odd-binary", "gone": "odd-gone",
        "unlisted": "odd-unlisted"})


def write_connectors(url, *keys):
    client = connect(url)
    names = [records.sanitised(key) for key in keys]
    for name in names:
        state, search = records.connectors_documents(name)
        client.set(f"context:{name}:state", records.connectors_text(state))
        client.set(f"context:{name}:search", records.connectors_text(search))
    records.answer({"keys": names})


def read_connectors(url, key):
    client = connect(url)
    records.answer({
        "key": key, "state": parsed(client.get(f"context:{key}:state")),
        "search": parsed(client.get(f"context:{key}:search"))})


def list_connectors(url):
    client = connect(url)
    records.answer({
        kind: [key[len("context:"):-len(kind) - 1] for key in scan(client, f"context:*:{kind}")]
        for kind in ("state", "search")})


def clear(url):
    client = connect(url)
    keys = scan(client, "thread:*") + scan(client, "context:*") + scan(client, "threads")
    for start in range(0, len(keys), 1000):
        with client.pipeline(transaction=False) as pipeline:
            for key in keys[start:start + 1000]:
                pipeline.delete(key)
            pipeline.execute()
    records.answer({"removed": len(keys)})


if __name__ == "__main__":
    records.run({
        "write-threads": write_threads, "write-thread": write_thread, "read-thread": read_thread, "list": list_threads,
        "append": append, "expire": expire, "write-odd": write_odd, "write-connectors": write_connectors,
        "read-connectors": read_connectors, "list-connectors": list_connectors, "clear": clear,
    }, __doc__)
