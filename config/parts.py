"""The three parts of a running Sprout, as the supervisor starts them: each takes over a fresh copy of a process that has already loaded everything."""

import sys
import warnings

from config.celery import app


def serve_web() -> None:
    """Gunicorn with the settings of config/gunicorn.py."""
    from gunicorn.app.wsgiapp import WSGIApplication

    # Its own coming and going is the supervisor's to tell.
    sys.argv = ["gunicorn", "--config", "python:config.gunicorn", "--log-level", "warning", "config.wsgi:application"]
    WSGIApplication("%(prog)s [OPTIONS] [APP_MODULE]", prog="gunicorn").run()


# A worker neither asks its neighbours at its start nor gossips with them: that costs each start a second.
WORKER = ["worker", "--loglevel=INFO", "--without-mingle", "--without-gossip"]
# No pid file: a kill would leave it behind.
BEAT = ["beat", "--loglevel=INFO", "--pidfile="]


def work() -> None:
    """A Celery worker."""
    # Tasks are JSON, which no root has to fear.
    warnings.filterwarnings("ignore", "You're running the worker with superuser privileges")
    app.worker_main(["--quiet", *WORKER])


def beat() -> None:
    """The clock that wakes the workers."""
    app.start(["--quiet", *BEAT])
