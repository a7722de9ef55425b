#!/usr/bin/env python3
"""What another program does with S3, by boto3: run by the tests beside ctxbrowse.

usage: s3_check.py VERB URL ...
   write-indexes URL KEY...        PREFIX/KEY/state.json and search.json of each index
   write-many-indexes URL N        the same for index-00000 ...: {"indexes", "first", "last"}
   read-index URL KEY              {"key", "state": JSON or null, "search": JSON or null, "contentType": of state}
   list-indexes URL                {"keys": [...], "pages": number of requests} by common prefixes
   write-context URL AGENT CONTEXT N
                                   looopy: context.json, agent-state.json, N messages, task/task-1.json, artifacts
                                   report (file) and numbers (data): {"objects": [keys below the prefix]}
   read-context URL AGENT CONTEXT  {"context", "state", "messages": [in the order of index], "files": [message names],
                                   "tasks": {id: JSON}, "artifacts": {id: {"metadata", "content": text or null}}}
   append-context URL AGENT CONTEXT TEXT
                                   a message as looopy appends it, with the number of files as index: {"index", "name"}
   put-tree URL DIR                every file below DIR, under its own name: {"objects": [keys]}
   put URL KEY                     standard input: {"key", "bytes"}
   get URL KEY                     {"key", "text" or null, "base64": if it is not UTF-8, "bytes", "contentType",
                                    "cacheControl", "metadata", "etag"}
   get-all URL                     {key: the same without "etag"} for every object
   list URL                        {"objects": [{"key", "bytes", "etag"}]} in the server's order
   clear URL                       removes all objects below the prefix: {"removed": number}

URL is s3://BUCKET/PREFIX?endpoint=URL&region=R&path-style=true&profile=P; keys are below PREFIX. Credentials are
found as boto3 finds them: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile of AWS_SHARED_CREDENTIALS_FILE.
"""
import base64
import json
import os
import sys
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

import boto3
import botocore.config
import botocore.exceptions

sys.dont_write_bytecode = True

import records  # noqa: E402

WORKERS = 16
CONTENT_TYPES = {".json": "application/json", ".jsonl": "application/x-ndjson", ".txt": "text/plain"}


class Shelf:
    """The objects below the prefix of a bucket."""

    def __init__(self, url):
        parts = urllib.parse.urlsplit(url)
        options = dict(urllib.parse.parse_qsl(parts.query))
        prefix = urllib.parse.unquote(parts.path.lstrip("/"))
        self.bucket = parts.netloc
        self.prefix = prefix if not prefix or prefix.endswith("/") else prefix + "/"
        style = "path" if options.get("path-style") == "true" else "auto"
        self.client = boto3.session.Session(profile_name=options.get("profile")).client(
            "s3", endpoint_url=options.get("endpoint"), region_name=options.get("region"),
            config=botocore.config.Config(s3={"addressing_style": style}, max_pool_connections=WORKERS))

    def put(self, key, body):
        content_type = CONTENT_TYPES.get(os.path.splitext(key)[1], "application/octet-stream")
        self.client.put_object(
            Bucket=self.bucket, Key=self.prefix + key, Body=body, ContentType=content_type,
            CacheControl="no-store", Metadata={"written-by": "boto3  and a test"})
        return key

    def put_all(self, bodies):
        with ThreadPoolExecutor(WORKERS) as pool:
            return sorted(pool.map(lambda item: self.put(*item), bodies))

    def get(self, key):
        """Bytes and headers, or None for an object that is not there."""
        try:
            answer = self.client.get_object(Bucket=self.bucket, Key=self.prefix + key)
        except self.client.exceptions.NoSuchKey:
            return None
        return answer["Body"].read(), answer

    def document(self, key):
        found = self.get(key)
        return json.loads(found[0]) if found else None

    def pages(self, below="", **options):
        return self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=self.prefix + below, **options)

    def objects(self, below=""):
        return [{"key": found["Key"][len(self.prefix):], "bytes": found["Size"], "etag": found["ETag"]}
                for page in self.pages(below) for found in page.get("Contents", [])]

    def keys(self, below=""):
        return [found["key"] for found in self.objects(below)]


def formatted(value):
    return json.dumps(value, indent=2, ensure_ascii=False).encode()


def index_objects(name):
    state, search = records.connectors_documents(name)
    return [(f"{name}/state.json", records.connectors_text(state).encode()),
            (f"{name}/search.json", records.connectors_text(search).encode())]


def write_indexes(url, *keys):
    names = [records.sanitised(key) for key in keys]
    Shelf(url).put_all([item for name in names for item in index_objects(name)])
    records.answer({"keys": names})


def write_many_indexes(url, count):
    names = [f"index-{number:05}" for number in range(int(count))]
    Shelf(url).put_all(item for name in names for item in index_objects(name))
    records.answer({"indexes": len(names), "first": names[0] if names else None, "last": names[-1] if names else None})


def read_index(url, key):
    shelf = Shelf(url)
    found = shelf.get(f"{key}/state.json")
    records.answer({
        "key": key, "state": json.loads(found[0]) if found else None, "search": shelf.document(f"{key}/search.json"),
        "contentType": found[1].get("ContentType") if found else None})


def list_indexes(url):
    shelf = Shelf(url)
    pages = list(shelf.pages(Delimiter="/"))
    keys = [found["Prefix"][len(shelf.prefix):-1] for page in pages for found in page.get("CommonPrefixes", [])]
    records.answer({"keys": keys, "pages": len(pages)})


# looopy's tree.

def context_place(agent, context):
    return f"agent={agent}/context={context}/"


def message_object(context, number, count_before, role, content):
    """A message's name and document; the sequence in the name is a process's own."""
    time = f"2025-03-01T{number // 60 % 24:02}:{number % 60:02}:00.{number % 1000:03}Z"
    name = f"{time.replace(':', '-').replace('.', '_')}-{count_before:03}-{number:06}.json"
    return name, {
        "role": role, "content": content, "id": f"{context}-{count_before}", "contextId": context, "index": count_before,
        "timestamp": time}


def write_context(url, agent, context, count):
    place = context_place(agent, context)
    now = "2025-03-01T08:00:00.000Z"
    objects = {
        "context.json": {
            "contextId": context, "agentId": agent, "title": f"About {context} – Grüße", "tags": ["research"],
            "status": "active", "createdAt": now, "updatedAt": now, "lastActivityAt": now, "turnCount": int(count) // 2,
            "metadata": {"nested": {"a": None}}},
        "agent-state.json": {
            "status": "idle", "turnCount": int(count) // 2, "lastActivity": now, "createdAt": now, "metadata": {}},
        "task/task-1.json": {
            "taskId": "task-1", "agentId": agent, "contextId": context, "messages": [], "systemPrompt": "Be brief.",
            "iteration": 1, "completed": True, "availableTools": [], "pendingToolCalls": [], "completedToolCalls": {},
            "artifactIds": ["report", "numbers"], "lastActivity": now, "resumeFrom": "completed",
            "_metadata": {"savedAt": now, "expiresAt": "2125-03-01T08:00:00.000Z"}},
        "artifacts/numbers/data.json": {"big": 9007199254740993, "ratio": 0.1},
        "artifacts/numbers/metadata.json": {
            **artifact(context, "numbers", "data"), "data": {"big": 9007199254740993, "ratio": 0.1}},
        "artifacts/report/metadata.json": {
            **artifact(context, "report", "file"), "mimeType": "text/markdown", "encoding": "utf-8",
            "chunks": [{"index": 0, "data": "# Grüße\n", "size": 10, "timestamp": now}], "totalChunks": 1, "totalSize": 10},
    }
    bodies = [(place + name, formatted(value)) for name, value in objects.items()]
    bodies.append((f"{place}artifacts/report/content.txt", "# Grüße\n".encode()))
    for number in range(int(count)):
        role = "system" if number == 0 else "user" if number % 2 else "assistant"
        text = f"[{number}] {records.TEXTS[number % len(records.TEXTS)]}"
        name, message = message_object(context, number, number, role, text)
        bodies.append((f"{place}messages/{name}", formatted(message)))
    records.answer({"objects": Shelf(url).put_all(bodies)})


def artifact(context, name, kind):
    now = "2025-03-01T08:00:00.000Z"
    return {
        "type": kind, "artifactId": name, "taskId": "task-1", "contextId": context, "name": name, "description": "Made",
        "status": "complete", "version": 1, "operations": [{"operationId": "op-1", "type": "create", "timestamp": now}],
        "createdAt": now, "updatedAt": now, "completedAt": now}


def read_context(url, agent, context):
    shelf = Shelf(url)
    place = context_place(agent, context)
    keys = shelf.keys(place)
    files = [key for key in keys if key.startswith(f"{place}messages/") and key.endswith(".json")]
    tasks = [key for key in keys if key.startswith(f"{place}task/") and key.endswith(".json")]
    artifacts = {}
    for key in keys:
        parts = key[len(place):].split("/")
        if parts[0] == "artifacts" and len(parts) == 3:
            kept = artifacts.setdefault(parts[1], {"metadata": None, "content": None})
            if parts[2] == "metadata.json":
                kept["metadata"] = shelf.document(key)
            else:
                kept["content"] = shelf.get(key)[0].decode(errors="replace")
    records.answer({
        "context": shelf.document(f"{place}context.json"), "state": shelf.document(f"{place}agent-state.json"),
        "messages": sorted((shelf.document(key) for key in files), key=lambda message: message["index"]),
        "files": [key.rpartition("/")[2] for key in files],
        "tasks": {key.rpartition("/")[2][:-len(".json")]: shelf.document(key) for key in tasks}, "artifacts": artifacts})


def append_context(url, agent, context, text):
    shelf = Shelf(url)
    place = f"{context_place(agent, context)}messages/"
    count = len([key for key in shelf.keys(place) if key.endswith(".json")])
    name, message = message_object(context, count + 1000, count, "user", text)
    shelf.put(place + name, formatted(message))
    records.answer({"index": count, "name": name})


# Objects as they are.

def put_tree(url, directory):
    bodies = []
    for at, _, names in os.walk(directory):
        for name in names:
            path = os.path.join(at, name)
            with open(path, "rb") as file:
                bodies.append((os.path.relpath(path, directory), file.read()))
    records.answer({"objects": Shelf(url).put_all(bodies)})


def put(url, key):
    body = sys.stdin.buffer.read()
    records.answer({"key": Shelf(url).put(key, body), "bytes": len(body)})


def get(url, key):
    found = described(Shelf(url), key)
    records.answer(found)


def get_all(url):
    shelf = Shelf(url)
    keys = shelf.keys()
    with ThreadPoolExecutor(WORKERS) as pool:
        found = dict(zip(keys, pool.map(lambda key: described(shelf, key), keys)))
    for value in found.values():
        value.pop("etag")
    records.answer(found)


def described(shelf, key):
    found = shelf.get(key)
    if not found:
        return None
    body, headers = found
    try:
        value = {"text": body.decode()}
    except UnicodeDecodeError:
        value = {"text": None, "base64": base64.b64encode(body).decode()}
    return {
        "key": key, **value, "bytes": len(body), "contentType": headers.get("ContentType"),
        "cacheControl": headers.get("CacheControl"), "metadata": headers["Metadata"], "etag": headers["ETag"]}


def list_objects(url):
    records.answer({"objects": Shelf(url).objects()})


def clear(url):
    shelf = Shelf(url)
    keys = shelf.keys()
    for start in range(0, len(keys), 1000):
        answer = shelf.client.delete_objects(Bucket=shelf.bucket, Delete={
            "Objects": [{"Key": shelf.prefix + key} for key in keys[start:start + 1000]], "Quiet": True})
        if answer.get("Errors"):
            sys.exit(f"not removed: {answer['Errors'][0]}")
    records.answer({"removed": len(keys)})


if __name__ == "__main__":
    records.run({
        "write-indexes": write_indexes, "write-many-indexes": write_many_indexes, "read-index": read_index,
        "list-indexes": list_indexes, "write-context": write_context, "read-context": read_context,
        "append-context": append_context, "put-tree": put_tree, "put": put, "get": get, "get-all": get_all,
        "list": list_objects, "clear": clear,
    }, __doc__)
