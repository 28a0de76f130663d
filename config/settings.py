"""Every setting of Sprout, read once from the environment. DESIGN.md names the variables."""

import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()
ROOT = Path(__file__).resolve().parent.parent
TESTING = "pytest" in sys.modules

# --- What kind of place this is -------------------------------------------------------------
DATA_DIR = Path(env.str("DATA_DIR", default=str(ROOT / ".data")))
SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{env.int('PORT', default=8000)}").rstrip("/")
SITE_HOST = urlsplit(SITE_URL).hostname or "127.0.0.1"
LOOPBACK = SITE_HOST in {"localhost", "127.0.0.1", "::1"}
EMBEDDED = env.str("SPROUT_EMBEDDED", default="")  # which servers manage.py started: "postgres,redis"
DEBUG = env.bool("DEBUG", default=False)
PRODUCTION = not TESTING and not DEBUG and (not LOOPBACK or not EMBEDDED)
DEMO = env.bool("DEMO", default=bool(EMBEDDED) and LOOPBACK)
SECRET_KEY = env.str("SECRET_KEY", default="" if PRODUCTION else "only-for-this-machine-" + "x" * 40)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[SITE_HOST, *(["localhost", "127.0.0.1", "[::1]"] if LOOPBACK else [])])
CSRF_TRUSTED_ORIGINS = [SITE_URL]
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
RATE_LIMITS = env.str("RATE_LIMITS", default="on") != "off"
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
SENTRY_DSN = env.str("SENTRY_DSN", default="")

# --- The apps, highest first ------------------------------------------------------------------
INSTALLED_APPS = [
    *("config", "feedback", "rewards", "community", "unfold"),
    *("django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.messages", "django.contrib.staticfiles", "django.contrib.postgres", "django.contrib.humanize"),
    *("allauth", "allauth.account", "allauth.mfa", "allauth.usersessions"),
    *("django_celery_beat", "django_filters", "django_htmx", "rest_framework", "drf_spectacular", "drf_spectacular_sidecar", "csp"),
]  # fmt: skip
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pads what it packs, so that no token is guessed from a length
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "community.middleware.MemberMiddleware",
    "community.second_factor.SecondFactorMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "community.context.frame",
            ],
            "builtins": ["django.templatetags.i18n", "community.templatetags.sprout"],
        },
    }
]

# --- Where things are kept ---------------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default="postgresql://sprout@127.0.0.1/sprout")}
DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True, "ENGINE": "django.db.backends.postgresql"}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "sprout",
        # A stopped Redis may cost a page half a second, never half a minute.
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
    }
}
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = env.str("MEDIA_URL", default="/media/")
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(DATA_DIR / "static")))
STATICFILES_DIRS = [ROOT / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# Without a collected copy (one person, one machine) files are served from where they lie.
WHITENOISE_USE_FINDERS = TESTING or DEBUG
MAIL_FROM = env.str("MAIL_FROM", default=f"Sprout <sprout@{SITE_HOST}>")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL_FROM
if "EMAIL_URL" in env:
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "community.mail_file.EmlBackend"
EMAIL_TIMEOUT = 20

# --- Workers -------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_CONCURRENCY = env.int("WORKER_CONCURRENCY", default=2)
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 2000
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 120, "socket_connect_timeout": 1, "socket_timeout": 5}
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
DOORBELL = not TESTING  # tests drain debts themselves

# --- People --------------------------------------------------------------------------------------
AUTH_USER_MODEL = "community.Member"
AUTHENTICATION_BACKENDS = ["community.sign_in.MemberBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL, LOGIN_REDIRECT_URL = "account_login", "/"
ACCOUNT_ADAPTER = "community.sign_in.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]  # without the second, allauth knows no sign-in by password
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = {} if RATE_LIMITS else False
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED, MFA_TOTP_ISSUER = True, "Sprout"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOOPBACK

# --- Languages and time ----------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文"), ("zh-hant", "繁體中文")]
LOCALE_PATHS, FORMAT_MODULE_PATH = [ROOT / "locale"], "config.formats"
TIME_ZONE = CELERY_TIMEZONE = "UTC"

# --- Safety -----------------------------------------------------------------------------------
HTTPS = SITE_URL.startswith("https://")
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
CSRF_COOKIE_HTTPONLY = SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 24 * 3600
SECURE_HSTS_SECONDS = 63072000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
OURS, NOBODY = ("default-src", "script-src", "style-src", "form-action"), ("object-src", "base-uri", "frame-ancestors")
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/admin/", "/api/docs/"],
    "DIRECTIVES": {"img-src": [SELF, "data:"]} | dict.fromkeys(OURS, [SELF]) | dict.fromkeys(NOBODY, [NONE]),
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_HANDLERS = ["community.pictures.uploads.Scales", *(f"django.core.files.uploadhandler.{kind}FileUploadHandler" for kind in ("Memory", "Temporary"))]  # fmt: skip

# --- The API -----------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["community.api_auth.TokenAuthentication", "community.api_auth.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["community.api_auth.Scoped"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "community.api_schema.OpenReading",
    "EXCEPTION_HANDLER": "community.api_problems.problem_response",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Sprout",
    "DESCRIPTION": "Posts, votes, scores, the roadmap and releases of a Sprout community.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
}
SHADES = (50, 100, 200, 300, 400, 500, 600, 700, 800, 900, 950)
GREENS = ("eff6eb", "e0ecd6", "c3ddb4", "98d48b", "63b164", "3f8f49", "2b7237", "23622e", "1e4d26", "193f20", "0c2311")
UNFOLD = {
    "SITE_TITLE": "Sprout",
    "SITE_HEADER": "Sprout",
    "SITE_URL": "/",
    "SHOW_HISTORY": True,
    "SIDEBAR": {"navigation": "feedback.admin.navigation.sections"},
    "DASHBOARD_CALLBACK": "feedback.admin.navigation.home",
    "COLORS": {"primary": {str(shade): f"#{green}" for shade, green in zip(SHADES, GREENS, strict=True)}},
}

# --- What is written down -----------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "INFO" if not TESTING else "WARNING"},
    "loggers": {"django.request": {"level": "ERROR"}},
}
SILENCED_SYSTEM_CHECKS = ["rest_framework.W001"] + (
    [] if HTTPS else ["security.W004", "security.W008", "security.W012", "security.W016"]
)


def refuse_unsafe() -> None:
    """Production does not start on a setting that would open it."""
    if len(SECRET_KEY) < 50 or "change" in SECRET_KEY.lower() or "secret" in SECRET_KEY.lower():
        raise ImproperlyConfigured("SECRET_KEY is missing or a placeholder: set it to 50 or more random characters.")
    if "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured("ALLOWED_HOSTS may not be *: name the hosts this site answers to.")
    if not LOOPBACK and not HTTPS:
        raise ImproperlyConfigured("SITE_URL must begin with https:// outside this machine.")
    if not LOOPBACK and DEMO:
        raise ImproperlyConfigured("DEMO=1 has known passwords: it is refused unless SITE_URL is loopback.")


if not LOOPBACK and DEBUG:
    raise ImproperlyConfigured("DEBUG=1 shows the inside of the site: it is refused unless SITE_URL is loopback.")
if not LOOPBACK and not RATE_LIMITS:
    raise ImproperlyConfigured("RATE_LIMITS=off is refused unless SITE_URL is loopback.")
if PRODUCTION:
    refuse_unsafe()
if SENTRY_DSN:
    # Only with an address: a bare init was seen to cost a second of start-up.
    import sentry_sdk

    sentry_sdk.init(dsn=SENTRY_DSN, send_default_pii=False)
