"""Redis, PostgreSQL and S3 beside redis-py, psycopg and boto3, on servers of its own."""
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.parse

import data
from browsing import browser, environment, shows
from counting_proxy import CountingProxy
from measuring import Samples, interleave, run

SERVERS = os.path.join(data.ROOT, "scripts", "servers")
PEER = os.path.join(data.BENCHMARKS, "harness", "server_peer.py")
THREADS, INDEXES, MESSAGES = 100_000, 10_000, 100_000
# A command that takes longer is no longer waited for; its line says so.
PATIENCE = 60


class NotStarted(Exception):
    pass


def measure(table, repetitions=3):
    with servers() as places:
        redis(table, places["CTXBROWSE_TEST_REDIS"], repetitions)
        postgres(table, places["CTXBROWSE_TEST_POSTGRES"], repetitions)
        s3(table, places["CTXBROWSE_TEST_S3_SEAWEEDFS"])


@contextlib.contextmanager
def servers():
    """The test servers' variables; they are stopped whatever happens."""
    with tempfile.TemporaryDirectory(prefix="ctxbrowse-bench-", dir="/tmp") as folder:
        directory = os.path.join(folder, "servers")
        silent = {"env": {**os.environ, "CTXBROWSE_TEST_PYTHON": data.PYTHON}, "stdout": subprocess.DEVNULL}
        before = os.environ.get("AWS_SHARED_CREDENTIALS_FILE")
        try:
            if subprocess.run([SERVERS, "start", directory], **silent).returncode:
                raise NotStarted("not all servers started; nothing is measured")
            with open(os.path.join(directory, "servers.env")) as file:
                places = dict(line.rstrip("\n").split("=", 1) for line in file)
            # Found there by ctxbrowse and by boto3.
            os.environ["AWS_SHARED_CREDENTIALS_FILE"] = places["CTXBROWSE_TEST_AWS_CREDENTIALS"]
            yield places
        finally:
            if before is None:
                os.environ.pop("AWS_SHARED_CREDENTIALS_FILE", None)
            else:
                os.environ["AWS_SHARED_CREDENTIALS_FILE"] = before
            subprocess.run([SERVERS, "stop", directory], check=True, **silent)


def peer(*arguments):
    """What the peer prints."""
    return subprocess.run([data.PYTHON, PEER, *map(str, arguments)], check=True, stdout=subprocess.PIPE).stdout


def peer_seconds(*arguments):
    return float(peer(*arguments))


def fill(verb, *arguments):
    print(f"{verb} ...", file=sys.stderr, flush=True)
    peer(verb, *arguments)


def whole_list(kind, place):
    """Seconds until `list` has told all records, PATIENCE when it has not by then; how many it told."""
    with tempfile.TemporaryDirectory(prefix="ctxbrowse-bench-") as folder, \
            open(os.path.join(folder, "list"), "w+b") as output:
        began = time.monotonic()
        process = subprocess.Popen(
            [data.PROGRAM, "list", kind, "--json", place], stdout=output, stderr=subprocess.DEVNULL,
            env={**os.environ, **environment(folder)})
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        taken = time.monotonic() - began
        output.seek(0)
        return taken, sum(1 for _ in output)


def lists(table, what, kind, place, count, peer_verb, factor, repetitions):
    """The whole list beside the peer's; with one look at whether it comes to its end at all."""
    taken, told = whole_list(kind, place)
    if told < count:
        beside = Samples([peer_seconds(peer_verb, place)])
        table.line(what, f"> {taken:.0f} s ({told:,})", table.shown(beside, lambda value: f"{value:.2f} s"),
                   f"< {beside.median / taken:.2f} x", f">= {factor} x", False)
        return
    found = interleave(
        repetitions, ours=lambda: whole_list(kind, place)[0], peer=lambda: peer_seconds(peer_verb, place))
    table.faster(what, found["ours"], found["peer"], factor)


# Redis.

def redis(table, place, repetitions):
    fill("fill-redis", place, THREADS)
    first_screen(table, place, repetitions)
    found = interleave(
        repetitions, ours=lambda: identified(place), peer=lambda: peer_seconds("list-redis", place))
    table.faster("5  Redis, 100,000 threads: all ids and sizes; redis-py, GET each", found["ours"], found["peer"], 20)
    # What `list` prints beside them, titles and numbers of messages, is in the contents alone.
    lists(table, "   Redis, the same with titles by `list --json`; redis-py", "threads", place, THREADS, "list-redis", 1,
          repetitions)


def identified(place):
    """Seconds in which the library tells every thread's id and size."""
    done = subprocess.run([data.STORAGE, "ids", place], check=True, stdout=subprocess.PIPE)
    report = json.loads(done.stdout)
    if report["threads"] != THREADS:
        raise terminal.NotShown(f"the library told {report['threads']:.0f} of {THREADS} threads")
    return report["all"]


def first_screen(table, place, repetitions):
    def screen():
        folder, terminal = browser(place)
        with folder, terminal:
            return terminal.until(shows("> thread "))

    def page():
        with tempfile.TemporaryDirectory(prefix="ctxbrowse-bench-") as folder:
            return run([data.PROGRAM, "list", "threads", "--json", "--limit", "100", place],
                       env={**os.environ, **environment(folder)})[0]

    found = interleave(repetitions, screen=screen, page=page)
    table.note("   Redis: start to the first screen of the browser", found["screen"])
    before = json.loads(peer("commands", place))
    page()
    calls = {name: count - before.get(name, 0) for name, count in json.loads(peer("commands", place)).items()}
    table.note("   Redis: `list --limit 100`, whole process", found["page"])
    table.line("5  Redis: SCAN calls for those 100, opening included", str(calls.get("scan", 0)), "", "", "<= 1",
               calls.get("scan", 0) <= 1)
    # What asks for the numbers is counted too: a connection, INFO twice.
    asked = sum(count for name, count in calls.items() if name not in ("reads", "info"))
    table.line("   Redis: commands; times that its server had to read", f"{asked:,}", f"{calls['reads']:,}", "", "", None)


# PostgreSQL.

def postgres(table, place, repetitions):
    fill("fill-postgres", place, THREADS)
    reports = []

    def pages():
        reports.append(json.loads(run_output([data.STORAGE, "pages", place, "100"])))
        return reports[-1]["open"] + reports[-1]["first"]

    found = interleave(repetitions, ours=pages, peer=lambda: peer_seconds("page-postgres", place, 100))
    table.at_most("6  PostgreSQL, 100,000 threads: open, page; COUNT join", found["ours"], found["peer"], 0.5)
    first = Samples([report["first"] for report in reports[1:]])
    table.note("   PostgreSQL: first page of an open source", first, found["peer"])
    table.note("   PostgreSQL: last page; our first page", Samples([report["last"] for report in reports[1:]]), first)

    with tempfile.TemporaryDirectory(prefix="ctxbrowse-bench-") as folder:
        def trim():
            peer("lengthen-postgres", place, MESSAGES)
            return run([data.PROGRAM, "trim", "long", "--keep", "100", "--yes", place],
                       env={**os.environ, **environment(folder)})[0]

        def kept():
            peer("lengthen-postgres", place, MESSAGES)
            return peer_seconds("trim-postgres", place, 100, os.path.join(folder, "going.jsonl"))

        def delete():
            peer("lengthen-postgres", place, MESSAGES)
            return peer_seconds("trim-postgres", place, 100)

        found = interleave(repetitions, ours=trim, kept=kept, delete=delete)
    table.at_most("6  trim of 100,000 messages; psycopg SELECT and DELETE", found["ours"], found["kept"], 1.5)
    table.note("   the same; psycopg's DELETE alone, nothing kept", found["ours"], found["delete"])


def run_output(command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout


# S3.

def s3(table, place):
    # Keys as context-connectors has them below its default prefix.
    address, _, options = place.partition("?")
    options = dict(urllib.parse.parse_qsl(options))

    def at(port):
        own = {**options, "endpoint": f"http://127.0.0.1:{port}", "profile": "seaweedfs"}
        return f"{address}?{urllib.parse.urlencode(own, safe='/:')}"

    port = urllib.parse.urlsplit(options["endpoint"]).port
    fill("fill-s3", at(port), INDEXES)
    proxy = CountingProxy(port)
    try:
        _, told = whole_list("indexes", at(proxy.port))
    finally:
        proxy.close()
    goal = proxy.listings <= 11 and told >= INDEXES
    shown = str(proxy.listings) if told >= INDEXES else f"> {proxy.listings} ({told:,} told)"
    table.line("7  S3, 10,000 indexes: list requests for all of them", shown, "", "", "<= 11", goal)
    table.line("   S3: all requests for them", f"{proxy.requests:,}", "", "", "", None)
    lists(table, "7  S3: whole list; boto3, pages and 16 GETs at once", "indexes", at(port), INDEXES, "list-s3", 1, 1)
