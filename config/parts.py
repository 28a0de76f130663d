"""The three parts of a running Sprout, as the supervisor starts them: each takes over a fresh copy of a process that has already loaded everything."""

import os
import sys
import warnings

from config.celery import app


def serve_web() -> None:
    """Gunicorn with the settings of config/gunicorn.py."""
    from gunicorn.app.wsgiapp import WSGIApplication

    # Its own coming and going is the supervisor's to tell.
    sys.argv = ["gunicorn", "--config", "python:config.gunicorn", "--log-level", "warning", "config.wsgi:application"]
    WSGIApplication("%(prog)s [OPTIONS] [APP_MODULE]", prog="gunicorn").run()


def work() -> None:
    """A Celery worker; it neither asks its neighbours nor gossips, there are none."""
    # Tasks are JSON, which no root has to fear.
    warnings.filterwarnings("ignore", "You're running the worker with superuser privileges")
    concurrency = os.environ.get("WORKER_CONCURRENCY", "2")
    app.worker_main(["--quiet", "worker", "--loglevel=INFO", f"--concurrency={concurrency}", "--without-mingle", "--without-gossip"])


def beat() -> None:
    """The clock that wakes the workers; no pid file, which a kill would leave behind."""
    app.start(["--quiet", "beat", "--loglevel=WARNING", "--pidfile="])
