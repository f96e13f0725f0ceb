"""A process that will answer from the engine has its compiled code and the pool at hand before anybody asks."""

import logging
import threading

from django.conf import settings
from django.db import connections
from django.utils.module_loading import import_string

from staffing.core import clock
from staffing.core.memory import settled

log = logging.getLogger(__name__)

# Named, not imported: the project package stands below the apps.
ENGINE = "orders.warming.load"


def load() -> None:
    """Load it here and now. Whatever is amiss (the database still starts, say), the first who asks loads it then."""
    try:
        import_string(ENGINE)(clock.now())
    except Exception:
        log.exception("nothing loaded at the start")
    finally:
        connections.close_all()
    settled()


def in_background() -> threading.Thread | None:
    """Load what pages ask for beside the first requests; not in tests, whose servers come and go with their tables."""
    if settings.STAFFING_ENV == "test":
        return None
    thread = threading.Thread(target=load, name="warm", daemon=True)
    thread.start()
    return thread
