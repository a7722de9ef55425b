"""Records as other programs store them, and what the check scripts share."""
import json
import re
import sys

TEXTS = ["plain", "Grüße aus Köln", "日本語 👩🏽‍💻", "tabs\tand\r\nlines", "a 'quoted' \"text\" \\ 100% _", ""]


def thread_id(number):
    return f"thread-{number:06}"


def message(number):
    return {
        "content": f"[{number}] {TEXTS[number % len(TEXTS)]}",
        "role": "user" if number % 2 == 0 else "assistant",
        "metadata": {"n": number} if number % 3 else {},
        "created_at": time(number),
    }


def time(number):
    """Minutes after a moment, in ISO 8601."""
    return f"2025-{3 + number // 40320 % 9:02}-{1 + number // 1440 % 28:02}T{number // 60 % 24:02}:{number % 60:02}:00+00:00"


def thread_metadata(number):
    return {"title": f"Thread {number} – Grüße", "user": f"u{number % 3}", "big": 9007199254740993, "nested": {"a": None}}


def connectors_documents(key):
    """What context-connectors keeps of an index: state, search."""
    search = {
        "version": 1,
        "contextState": {
            "mode": "full", "checkpointId": f"checkpoint-{key}", "addedBlobs": ["b" * 64], "deletedBlobs": []},
        "source": {
            "type": "github", "config": {"owner": "example", "repo": key, "ref": "main"}, "resolvedRef": "0123abcd",
            "syncedAt": "2025-03-01T08:00:00.000Z"},
    }
    state = json.loads(json.dumps(search))
    state["contextState"]["blobs"] = [["b" * 64, f"Sources/{key}/Grüße.swift"], ["c" * 64, "README.md"]]
    search["contextState"]["mode"] = "search-only"
    return state, search


def connectors_text(document):
    return json.dumps(document, indent=2, ensure_ascii=False)


def sanitised(key):
    """The name context-connectors saves an index under."""
    name = re.sub(r"_+", "_", re.sub(r"[^a-zA-Z0-9_-]", "_", key)).strip("_")
    if not name:
        sys.exit(f"no name is left of the key {key!r}")
    return name


def answer(value):
    print(json.dumps(value, ensure_ascii=False))


def counts(count):
    """Numbers from 0: `count` of them, or with 0 as long as standard input stays open."""
    import os
    import select

    number = 0
    while number < count if count else not (select.select([0], [], [], 0)[0] and not os.read(0, 4096)):
        yield number
        number += 1


def run(verbs, usage, arguments=None):
    """Calls the function of the verb that the command line names, with its arguments."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if not arguments or arguments[0] not in verbs:
        sys.exit(usage)
    try:
        verbs[arguments[0]](*arguments[1:])
    except TypeError as error:
        if error.__traceback__.tb_next is None:
            sys.exit(f"{error}\n\n{usage}")
        raise
