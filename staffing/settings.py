"""The one settings file: everything is read from the environment, and what is wrong stops the start.

`STAFFING_ENV` is one of production, demo, test, development. Business numbers (hours, percentages, limits)
are not here: they are rows that an administrator edits (`*Policy` models).
"""

from pathlib import Path

import environ
import structlog
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

STAFFING_ENV: str = env.str("STAFFING_ENV", default="production")
if STAFFING_ENV not in {"production", "demo", "test", "development"}:
    raise ImproperlyConfigured(f"STAFFING_ENV={STAFFING_ENV!r}: use production, demo, test or development.")
IS_PRODUCTION = STAFFING_ENV == "production"
DEBUG = STAFFING_ENV == "development"

SECRET_KEY: str = env.str("SECRET_KEY")
if IS_PRODUCTION and len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SECRET_KEY is shorter than 50 characters: links to surveys are signed with it.")

# They encrypt identity numbers and bank accounts: the first encrypts, all decrypt (`manage.py rotate_vault`).
VAULT_KEYS: list[str] = env.list("VAULT_KEYS", default=[] if IS_PRODUCTION else [f"vault of {SECRET_KEY}"])
if not VAULT_KEYS or len(set(VAULT_KEYS)) < len(VAULT_KEYS):
    raise ImproperlyConfigured("VAULT_KEYS is missing or names a key twice: identity numbers are encrypted with it.")
if IS_PRODUCTION and min(map(len, VAULT_KEYS)) < 43:
    raise ImproperlyConfigured("A key of VAULT_KEYS is shorter than 43 characters, 32 random bytes as base64.")

# Moving the clock would falsify wages and deadlines, so only a demo or a test may do it.
CLOCK_OFFSET_ALLOWED: bool = env.bool("CLOCK_OFFSET_ALLOWED", default=STAFFING_ENV in {"demo", "test"})
if CLOCK_OFFSET_ALLOWED and STAFFING_ENV not in {"demo", "test"}:
    raise ImproperlyConfigured(f"CLOCK_OFFSET_ALLOWED is refused with STAFFING_ENV={STAFFING_ENV}.")

PUBLIC_URL: str = env.str("PUBLIC_URL", default="http://localhost:8000").rstrip("/")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[] if IS_PRODUCTION else ["*"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "pgtrigger",
    "pghistory",
    "axes",
    "csp",
    "django_htmx",
    "django_structlog",
    "django_filters",
    "rest_framework",
    "rest_framework.authtoken",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
    "staffing.core",
    "workers",
    "orders",
    "feedback",
]
if not IS_PRODUCTION:
    INSTALLED_APPS.append("staffing.demo")

MIDDLEWARE = [
    "staffing.core.middleware.database_lost",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "staffing.core.middleware.Compressed",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "staffing.core.middleware.domain_errors",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "staffing.urls"
WSGI_APPLICATION = "staffing.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "staffing.shell.shell",
            ],
        },
    },
]
FORM_RENDERER = "staffing.core.rendering.FormRenderer"

# --- data -----------------------------------------------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL")}
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL server: double booking is prevented by it.")
DATABASES["default"].update(
    CONN_MAX_AGE=env.int("CONN_MAX_AGE", default=60),
    CONN_HEALTH_CHECKS=True,
    # A transaction pooler hands each transaction another connection, so no cursor may outlive one.
    DISABLE_SERVER_SIDE_CURSORS=env.bool("DISABLE_SERVER_SIDE_CURSORS", default=True),
)
REDIS_URL: str = env.str("REDIS_URL")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "core.User"

# --- people ---------------------------------------------------------------------------------------------
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AXES_FAILURE_LIMIT = env.int("LOGIN_FAILURE_LIMIT", default=5)
AXES_COOLOFF_TIME = env.float("LOGIN_COOLOFF_HOURS", default=0.25)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "staffing.core.views.login.locked_out"
# How many proxies of ours stand before the app: only those may name the visitor's address.
AXES_IPWARE_PROXY_COUNT = env.int("PROXY_COUNT", default=0)
AXES_IPWARE_META_PRECEDENCE_ORDER = (
    ["HTTP_X_FORWARDED_FOR", "REMOTE_ADDR"] if AXES_IPWARE_PROXY_COUNT else ["REMOTE_ADDR"]
)
# What every caller of `authenticate` hands over; the guard would take the name of the model field otherwise.
AXES_USERNAME_FORM_FIELD = "username"
AXES_USERNAME_CALLABLE = "staffing.core.views.login.account_of"
AXES_VERBOSE = False

# --- the browser's guard rails ---------------------------------------------------------------------------
SECURE_COOKIES: bool = env.bool("SECURE_COOKIES", default=IS_PRODUCTION)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT: bool = env.bool("SECURE_SSL_REDIRECT", default=IS_PRODUCTION)
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS: int = env.int("SECURE_HSTS_SECONDS", default=31_536_000 if IS_PRODUCTION else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
if AXES_IPWARE_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
_SELF = ["'self'"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": _SELF,
        "style-src": _SELF,
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": _SELF,
        "connect-src": _SELF,
        "manifest-src": _SELF,
        "worker-src": _SELF,
        "form-action": _SELF,
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    },
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "geolocation": ["self"],
    "camera": ["self"],
    "microphone": [],
    "payment": [],
    "usb": [],
}

# --- languages and time ------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]  # i18n: data: each language by its own name
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- static files ------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / ".local" / "static"))
_STORAGE = "whitenoise.storage.CompressedManifestStaticFilesStorage"
if STAFFING_ENV in {"test", "development"}:
    _STORAGE = "django.contrib.staticfiles.storage.StaticFilesStorage"
# Photos from the service: outside of everything that is served as a file, each behind a view that asks who looks.
PRIVATE_ROOT = env.str("PRIVATE_ROOT", default=str(BASE_DIR / ".local" / "private"))
PHOTO_BYTES: int = env.int("PHOTO_BYTES", default=10_000_000)
PHOTO_PIXELS: int = env.int("PHOTO_PIXELS", default=40_000_000)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": PRIVATE_ROOT, "file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
    },
    "staticfiles": {"BACKEND": _STORAGE},
}
if STAFFING_ENV in {"test", "development"}:
    Path(STATIC_ROOT).mkdir(
        parents=True, exist_ok=True
    )  # WhiteNoise warns about a missing one, and warnings are errors
WHITENOISE_USE_FINDERS = STAFFING_ENV in {"test", "development"}
WHITENOISE_AUTOREFRESH = STAFFING_ENV == "development"

# --- lists as files ------------------------------------------------------------------------------------------
EXPORT_ROWS: int = env.int("EXPORT_ROWS", default=50_000)

# --- jobs ------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_throttle": 1,
    # A nudge must not hold a request when the broker is away: the sweep finds the row anyway.
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
    "retry_on_timeout": True,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
# A process that matches loads the pool before it reports; after the usual four seconds it would be killed for it.
CELERY_WORKER_PROC_ALIVE_TIMEOUT = 120.0
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_DEFAULT_QUEUE = "timers"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
OUTBOX_SWEEP_SECONDS: float = env.float("OUTBOX_SWEEP_SECONDS", default=2.0 if STAFFING_ENV == "demo" else 5.0)
OUTBOX_LEASE_SECONDS: int = env.int("OUTBOX_LEASE_SECONDS", default=330)
OUTBOX_MAX_ATTEMPTS: int = env.int("OUTBOX_MAX_ATTEMPTS", default=8)

# --- messages to people --------------------------------------------------------------------------------------
if env.str("EMAIL_URL", default=""):
    vars().update(env.email("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL: str = env.str("DEFAULT_FROM_EMAIL", default="service@agency.example")
WEBHOOK_TIMEOUT_SECONDS: float = env.float("WEBHOOK_TIMEOUT_SECONDS", default=5.0)
# Clients name addresses themselves: none of our own net, and none without TLS.
WEBHOOK_PRIVATE_ALLOWED = STAFFING_ENV in {"test", "development"}

# --- API -------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_FILTER_BACKENDS": [
        "django_filters.rest_framework.DjangoFilterBackend",
        "staffing.core.api.filters.Ordering",
    ],
    "DEFAULT_PAGINATION_CLASS": "staffing.core.api.pagination.Pages",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["staffing.core.api.parsers.Json"],
    "DEFAULT_SCHEMA_CLASS": "staffing.core.api.schema.Schema",
    "EXCEPTION_HANDLER": "staffing.core.api.problems.problem_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Staffing agency API",
    "DESCRIPTION": (
        "Times are ISO 8601 with an offset, shifts are [start, end); money is CNY as decimal strings; "
        "words are in the language of Accept-Language (zh-hans, en). Errors are problem details (RFC 9457)."
    ),
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    # Fields that share a name have choices of their own: each set is named here.
    "ENUM_NAME_OVERRIDES": {
        "OrderStatusEnum": "orders.states.OrderStatus",
        "PositionStatusEnum": "orders.states.PositionStatus",
        "OfferStatusEnum": "orders.states.OfferStatus",
        "AssignmentStatusEnum": "orders.states.AssignmentStatus",
        "TimesheetStatusEnum": "orders.states.TimesheetStatus",
        "CaseStatusEnum": "feedback.states.CaseStatus",
        "WorkerStatusEnum": "workers.models.Worker.Status",
        "PunchKindEnum": "orders.models.Punch.Kind",
        "RoleEnum": "staffing.core.models.Role",
    },
}

# --- watching ----------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"mask_tokens": {"()": "staffing.core.logs.MaskTokens"}},
    # The formatter masks once more: what an exception says is added to a record last.
    "formatters": {"masked": {"()": "staffing.core.logs.MaskedText"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["mask_tokens"], "formatter": "masked"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    # A request line would hold the survey token; the server in front keeps its own, without the path's secret.
    "loggers": {
        "django_structlog": {"level": "WARNING"},
        "axes": {"level": "ERROR"},
        # The development server's own line.
        "django.server": {"filters": ["mask_tokens"]},
    },
}
structlog.configure(
    # Without this it prints every request by itself, past the loggers above and what they mask.
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    processors=[
        structlog.stdlib.filter_by_level,
        structlog.contextvars.merge_contextvars,
        structlog.processors.format_exc_info,
        structlog.processors.KeyValueRenderer(key_order=["event"]),
    ],
)
SENTRY_DSN: str = env.str("SENTRY_DSN", default="")
if SENTRY_DSN:
    import sentry_sdk

    from staffing.core.logs import scrubbed

    sentry_sdk.init(
        dsn=SENTRY_DSN,
        send_default_pii=False,
        environment=STAFFING_ENV,
        before_send=scrubbed,
        # Values of variables and what was sent hold secrets of links, and words of clients.
        include_local_variables=False,
        max_request_body_size="never",
    )

SILENCED_SYSTEM_CHECKS: list[str] = []
