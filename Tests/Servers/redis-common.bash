# What the Redis scripts share; they source it. Not for running.

die() { echo "$NAME: $*" >&2; exit 1; }

# A port of this machine that nothing uses; with an argument, one whose number plus that is free and allowed too.
free_port() {
    python3 - "${1:-0}" <<'PYTHON'
import random, socket, sys
beside = int(sys.argv[1])
while True:
    port = random.randrange(20000, 32000)
    sockets = []
    try:
        for number in {port, port + beside}:
            one = socket.socket()
            sockets.append(one)
            one.bind(("127.0.0.1", number))
    except OSError:
        continue
    finally:
        for one in sockets:
            one.close()
    print(port)
    break
PYTHON
}

# Fails with the end of the log.
fail_with_log() {
    echo "$NAME: $1" >&2
    [ -f "$2" ] && tail -n 20 "$2" >&2
    exit 1
}

# Whether the process of a pid file runs and is a Redis server; the number may be another's by now.
is_running() { [ -f "$1" ] && grep -q redis-server "/proc/$(cat "$1")/cmdline" 2>/dev/null; }

# Ends the process of a pid file and waits until it is gone.
end_process() {
    is_running "$1" || { rm -f "$1"; return 0; }
    local process
    process=$(cat "$1")
    kill "$process" 2>/dev/null
    for _ in $(seq 100); do
        is_running "$1" || { rm -f "$1"; return 0; }
        sleep 0.1
    done
    kill -KILL "$process" 2>/dev/null
    rm -f "$1"
}
