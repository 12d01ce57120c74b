"""A node in earnest: everything from the environment, nothing assumed. docs/reference/settings.md explains each."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from countermark.node.config import logging as logs
from countermark.node.config.databases import database
from countermark.node.config.environment import flag, items, number, required, secret, text
from countermark.node.config.keys import node_name, signer_path
from countermark.node.config.settings.shared import *  # noqa: F403
from countermark.node.config.settings.shared import STORAGES

DEBUG = False

SECRET_KEY = secret("COUNTERMARK_SECRET_KEY", "it signs sessions. Make one: openssl rand -base64 48")
if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 12:
    raise ImproperlyConfigured("COUNTERMARK_SECRET_KEY is too easy to guess. Make one: openssl rand -base64 48")
SECRET_KEY_FALLBACKS = items("COUNTERMARK_OLD_SECRET_KEYS")

COUNTERMARK_HOME = Path(required("COUNTERMARK_HOME", "the node keeps its files in this folder.")).resolve()
COUNTERMARK_STORE = Path(text("COUNTERMARK_STORE") or COUNTERMARK_HOME / "store").resolve()
#: Where channels of the kind CSV put their files.
COUNTERMARK_CHANNEL_FOLDER = Path(text("COUNTERMARK_CHANNEL_FOLDER") or COUNTERMARK_HOME / "channels").resolve()
DATABASES = {"default": database(COUNTERMARK_HOME / "countermark.sqlite3")}

ALLOWED_HOSTS = items("COUNTERMARK_HOSTS")
if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "COUNTERMARK_HOSTS must list the host names of this node, separated by commas; * is not one."
    )
CSRF_TRUSTED_ORIGINS = [f"https://{host.lstrip('.')}" for host in ALLOWED_HOSTS]

#: Name of this node in logs and notes; its checkpoints begin with it.
COUNTERMARK_NODE_NAME = node_name()
#: Socket of the process that signs; empty: each process opens the keys itself.
COUNTERMARK_SIGNER = signer_path()

# The node speaks HTTP to a proxy that speaks HTTPS to the world.
ALLAUTH_TRUSTED_PROXY_COUNT = number("COUNTERMARK_PROXIES", 1, most=10)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-countermark"
CSRF_COOKIE_NAME = "__Host-countermark-csrf"

STATIC_ROOT = COUNTERMARK_HOME / "static"
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}

EMAIL_HOST = text("COUNTERMARK_EMAIL_HOST")
EMAIL_PORT = number("COUNTERMARK_EMAIL_PORT", 587, least=1, most=65535)
EMAIL_HOST_USER = text("COUNTERMARK_EMAIL_USER")
EMAIL_HOST_PASSWORD = secret("COUNTERMARK_EMAIL_PASSWORD", "the mail server wants it.") if EMAIL_HOST_USER else ""
EMAIL_USE_TLS = flag("COUNTERMARK_EMAIL_TLS", default=True)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = text("COUNTERMARK_EMAIL_FROM") or f"countermark@{ALLOWED_HOSTS[0].lstrip('.')}"
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'dummy'}.EmailBackend"

LOGGING_CONFIG = None
logs.configure(text("COUNTERMARK_LOG_LEVEL", "INFO").upper())
