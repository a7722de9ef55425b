"""Passes what a program says to a server on unchanged and counts its requests."""
import contextlib
import re
import socket
import threading

LISTING = re.compile(rb"^GET [^ ]*[?&]list-type=2[& ]")


class CountingProxy:
    """A port of its own before an HTTP server; for requests without a body.

    The Host header stays the client's, which is what a signature covers.
    """

    def __init__(self, port):
        self.target = ("127.0.0.1", port)
        self.requests = self.listings = 0
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                client = self.listener.accept()[0]
                server = socket.create_connection(self.target)
                threading.Thread(target=self.carry, args=(client, server, self.count), daemon=True).start()
                threading.Thread(target=self.carry, args=(server, client, None), daemon=True).start()

    @staticmethod
    def carry(source, target, look):
        head = b""
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if look:
                    head = look(head + data)
                target.sendall(data)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    def count(self, said):
        """Counts the requests that are whole; what is left of `said`."""
        *whole, rest = said.split(b"\r\n\r\n")
        with self.lock:
            self.requests += len(whole)
            self.listings += sum(1 for head in whole if LISTING.match(head))
        return rest

    def close(self):
        # Wakes the thread that accepts.
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
