"""How gunicorn serves Sprout: `gunicorn --config python:config.gunicorn config.wsgi`, in a container and under `up` alike."""

import os

bind = f"{os.environ.get('BIND', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 4
# Longer than any proxy keeps its connections, so that it is never we who close one that is just being used.
keepalive = 75
timeout = 60
graceful_timeout = 20
# The heartbeat file of a worker must not wait for a slow disk.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108  # nosec B108
# A fresh process now and then, never all at once.
max_requests = 20_000
max_requests_jitter = 2_000
control_socket_disable = True
proc_name = "sprout-web"
# Django decides what a proxy may say (TRUSTED_PROXIES); gunicorn passes the headers on and believes none.
forwarded_allow_ips = ""
