"""The project's settings, for tests: nothing comes from a .env file or from the environment of whoever runs them."""

import os

os.environ |= {
    "PROFFER_ENV": "test",
    "PROFFER_PROCESS": "web",
    "PROFFER_HTTPS": "no",
    "SECRET_KEY": "only-for-tests",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "DJANGO_ALLOW_ASYNC_UNSAFE": "1",  # Playwright keeps an event loop in the tests' thread
}

from config.settings import *  # noqa: F403

EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]  # noqa: F405 — it would look for static files
