# syntax=docker/dockerfile:1
# One image for web, worker, beat and migrate; the command decides. Secrets come at run time, none is in here.

FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
COPY deploy/requirements.lock /tmp/requirements.lock
RUN /venv/bin/pip install --require-hashes -r /tmp/requirements.lock
WORKDIR /app
COPY . .
# These values only let the settings load: nothing listens there and nothing is signed with them.
RUN export STAFFING_ENV=production SECRET_KEY="$(head -c 64 /dev/urandom | base64 -w 0)" \
      VAULT_KEYS="$(head -c 64 /dev/urandom | base64 -w 0)" STATIC_ROOT=/app/collected \
      DATABASE_URL=postgres://build@127.0.0.1:1/none REDIS_URL=redis://127.0.0.1:1/0 \
    && /venv/bin/python manage.py messages --compile \
    && /venv/bin/python manage.py collectstatic --no-input --ignore redoc
# The engine's machine code is made here: the first order does not wait for a compiler.
RUN NUMBA_CACHE_DIR=/var/cache/engine /venv/bin/python -m orders.matching --compile

FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    STAFFING_ENV=production \
    STATIC_ROOT=/app/collected \
    PRIVATE_ROOT=/var/lib/photos \
    NUMBA_CACHE_DIR=/var/cache/engine
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin app \
    && install --directory --owner app /var/lib/beat /var/lib/photos
COPY --from=build /venv /venv
COPY --from=build /app /app
COPY --from=build --chown=app /var/cache/engine /var/cache/engine
WORKDIR /app
USER app
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
  CMD ["python", "deploy/healthy.py"]
CMD ["gunicorn", "staffing.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "3", "--threads", "4", \
     "--worker-tmp-dir", "/dev/shm", "--graceful-timeout", "20", "--no-control-socket"]
