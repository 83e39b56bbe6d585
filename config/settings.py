"""Django's settings: what the environment says, and what we decided.

PROFFER_ENV is production (the default: nothing is assumed, every secret must be given), development (`make run` sets
it) or test. PROFFER_PROCESS says which process this is, and so which database role it connects as: web, worker, offers,
owner; `offline` and `beat` have no database at all.
"""

import secrets
from typing import Any

from config import content_security, env
from config.data_folder import PROJECT, data_folder, settings_file
from config.unfold import UNFOLD  # noqa: F401  (the admin's look and sidebar)

env.read_file(PROJECT / ".env")
if env.text("PROFFER_ENV", "") == "":
    env.read_file(settings_file())  # made by `make run`: it says PROFFER_ENV=development and where the databases are

ENVIRONMENT = env.choice("PROFFER_ENV", ("production", "development", "test"), "production")
PROCESS = env.choice("PROFFER_PROCESS", ("web", "worker", "offers", "owner", "beat", "offline"), "web")
HTTPS = env.boolean("PROFFER_HTTPS", default=ENVIRONMENT == "production")
OFFLINE = PROCESS == "offline"

DEBUG = env.boolean("DEBUG", default=False)
SECRET_KEY = secrets.token_urlsafe(50) if OFFLINE else env.text("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = ["*"] if OFFLINE else env.words("ALLOWED_HOSTS", None if ENVIRONMENT == "production" else "localhost")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "preferences",
    "quizzes",
    "recommendations",
    "config",
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "django.forms",  # so that widgets find their templates in templates/ too
]

# Order matters: probes are answered before anything can fail; the customer's transaction is innermost, so that sessions
# and messages are written after it has committed. GZip may meet secrets: Django masks its CSRF tokens anew in every
# response, so that compression tells an attacker nothing about them (BREACH).
MIDDLEWARE = [
    "config.health.ProbesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "config.content_security.ContentSecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "preferences.middleware.CustomerMiddleware",
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PROJECT / "templates"],
        "APP_DIRS": True,  # for the admin and the accounts; our own are all in templates/
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "config.context.frame",
            ],
        },
    },
]


def _default_database() -> dict[str, Any]:
    if PROCESS in ("offline", "beat"):
        return {"ENGINE": "django.db.backends.dummy"}
    if ENVIRONMENT == "test":  # tests/conftest.py starts a server and fills this in
        return {"ENGINE": "django.db.backends.postgresql", "NAME": "not_started", "HOST": "127.0.0.1", "PORT": "1"}
    variable = {
        "web": "DATABASE_URL",
        "worker": "WORKER_DATABASE_URL",
        "offers": "OFFERS_DATABASE_URL",
        "owner": "OWNER_DATABASE_URL",
    }[PROCESS]
    database: dict[str, Any] = env.database(variable)
    if PROCESS == "owner":
        database["OPTIONS"]["assume_role"] = "proffer_owner"
    elif PROCESS == "web":
        # One request holds one connection, so the pool needs no more than the threads of this process.
        database["CONN_HEALTH_CHECKS"] = True  # a connection that died with the server is replaced, not handed out
        database["OPTIONS"]["pool"] = {
            "min_size": 1,
            "max_size": env.integer("WEB_THREADS", 8) + 2,
            "timeout": 5,
            "max_idle": 300,
        }
    else:
        database |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    return database


DATABASES = {"default": _default_database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHE_URL = env.text("CACHE_URL", "")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CACHE_URL}
    if CACHE_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "proffer"}
}

# Languages and time
LANGUAGE_CODE = "en"
LANGUAGES = env.languages(env.words("PROFFER_LANGUAGES", "en,id"))
LOCALE_PATHS = [PROJECT / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.text("TIME_ZONE", "UTC")
LANGUAGE_COOKIE_SAMESITE = "Lax"

# Static files: named by content, compressed beforehand, served by WhiteNoise
STATIC_URL = "static/"
STATIC_ROOT = data_folder() / "static" if ENVIRONMENT == "development" else PROJECT / "staticfiles"
STATICFILES_DIRS = [PROJECT / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if ENVIRONMENT == "test" and not env.boolean("STATIC_MANIFEST", default=False)
        else "config.static_files.FoldedStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = ENVIRONMENT == "test"

# The largest form is a question of the builder: 60 choices, each with its points for 40 outcomes and with its words in
# every language, and the question's rules: some 3100 fields in two languages. Django's own limit is 1000.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6000

# What browsers are told
CONTENT_SECURITY_POLICY = {"DIRECTIVES": content_security.CUSTOMERS}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
if env.boolean("TRUST_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # or all customers would share the proxy's limits on signing in
MESSAGE_STORAGE = "config.flash.QuietCookieStorage"

HTMX_CONFIG = {
    "allowEval": False,
    "includeIndicatorStyles": False,
    "historyCacheSize": 0,  # otherwise the browser would keep copies of personal pages
    "selfRequestsOnly": True,
    "attributesToSettle": ["class", "width", "height"],  # not style, which the policy refuses from markup
    "responseHandling": [
        {"code": "204", "swap": False},
        {"code": "[23]..", "swap": True},
        {"code": "422", "swap": True},
        {"code": "[45]..", "swap": False, "error": True},
    ],
}

# Accounts: customers sign in by a code sent to their e-mail address and have no password; staff may use one in /admin/
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_FORMS = {"request_login_code": "config.accounts.SignInForm"}
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "20/m/ip,3/m/key",
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "confirm_email": "1/3m/key",
    "mail_address": "20/h/ip",
}
ACCOUNT_SESSION_REMEMBER = True
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/preferences/"
LOGOUT_REDIRECT_URL = ACCOUNT_LOGOUT_REDIRECT_URL = "/"

# Mail
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("FROM_EMAIL", "Proffer <hello@proffer.example>")
MAIL_FOLDER = env.text("MAIL_FOLDER", "") if ENVIRONMENT != "production" else ""
EMAIL_BACKEND = "config.mail.FolderBackend" if MAIL_FOLDER else "django.core.mail.backends.smtp.EmailBackend"
MAIL_PROVIDER = env.text("MAIL_PROVIDER", "") if not MAIL_FOLDER else ""
if MAIL_PROVIDER:
    EMAIL_BACKEND = f"anymail.backends.{MAIL_PROVIDER}.EmailBackend"
    INSTALLED_APPS += ["anymail"]
    ANYMAIL = env.prefixed("ANYMAIL_")
    env.text("ANYMAIL_WEBHOOK_SECRET")  # or anybody could tell us that an address bounced
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.integer("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.boolean("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 10
# Where links in mail lead, without a slash at the end.
_host = next((each for each in ALLOWED_HOSTS if not each.startswith((".", "*"))), "localhost")
PUBLIC_URL = env.text(
    "PUBLIC_URL", f"https://{_host}" if HTTPS else f"http://127.0.0.1:{env.integer('PORT', 8000)}"
).rstrip("/")
UNSUBSCRIBE_MAILTO = env.text("UNSUBSCRIBE_MAILTO", "")
SECURITY_CONTACT = env.text("SECURITY_CONTACT", "mailto:security@proffer.example")

# The queue is only a wake-up, so losing a message loses nothing; see config/celery.py for what runs when and where
BROKER_URL = "memory://" if OFFLINE or ENVIRONMENT == "test" else env.text("BROKER_URL")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"impersonal": {"()": "config.logs.ImpersonalRequests"}},
    "formatters": {
        "line": {"()": "config.logs.ImpersonalFormatter", "format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["impersonal"]}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        "celery": {"level": "WARNING"},
        "kombu": {"level": "WARNING"},
    },
}
