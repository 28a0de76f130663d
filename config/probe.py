"""A health check from inside a container: `python -m config.probe /readyz`. Standard library only, because it runs every few seconds."""

import http.client
import os
import sys
from urllib.parse import urlsplit


def ask(path: str, port: int, host: str) -> int:
    """The status that the site beside us answers with; it only listens to its own name."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        line.request("GET", path, headers={"Host": host})
        return line.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        line.close()


def main(argv: list[str]) -> int:
    host = urlsplit(os.environ.get("SITE_URL", "")).hostname or "127.0.0.1"
    return 0 if ask(argv[0], int(os.environ.get("PORT", "8000")), host) == 200 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
