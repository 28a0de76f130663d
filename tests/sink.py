"""An SMTP server that takes everything, slowly and at odd moments, and remembers what it took."""

import random
import re
import socketserver
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class Sink(socketserver.ThreadingTCPServer):
    """`taken`: how often each Message-ID was accepted. A pause lies before and after each acceptance."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, pause: float) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.pause, self.dice, self.taken = pause, random.Random(8058), Counter()

    @property
    def port(self) -> int:
        return self.server_address[1]

    def wait(self) -> None:
        time.sleep(self.dice.random() * self.pause)


class Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        try:
            self.say(b"220 sink")
            while line := self.rfile.readline():
                word = line[:4].upper().strip()
                if word == b"DATA":
                    self.take()
                elif word == b"QUIT":
                    return self.say(b"221 bye")
                else:
                    self.say(b"250 well")
        except (BrokenPipeError, ConnectionResetError):
            return None  # whoever spoke was killed

    def say(self, words: bytes) -> None:
        self.wfile.write(words + b"\r\n")

    def take(self) -> None:
        self.say(b"354 go on")
        lines = list(iter(self.rfile.readline, b".\r\n"))
        if not lines or lines[-1] == b"":
            return
        self.server.wait()
        self.server.taken[re.search(rb"Message-ID: (<\S+>)", b"".join(lines))[1].decode()] += 1
        self.server.wait()
        self.say(b"250 taken")


@contextmanager
def sink(settings, *, pause: float = 0.03) -> Iterator[Sink]:
    """Django's mails go to a sink of our own for as long as the block lasts."""
    with Sink(pause) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield server
        server.shutdown()
