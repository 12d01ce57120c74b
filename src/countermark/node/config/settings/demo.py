"""The demo: loopback only, one folder, a secret that is made on the first start and kept in it."""

import os
import secrets
from pathlib import Path

from countermark.node.config import logging as logs
from countermark.node.config.databases import database
from countermark.node.config.environment import number, required, text
from countermark.node.config.keys import fixed, node_name
from countermark.node.config.settings.shared import *  # noqa: F403
from countermark.node.config.settings.shared import SILENCED_SYSTEM_CHECKS, STORAGES

DEBUG = False
#: Every part of the pages with invented contents, at /gallery/.
COUNTERMARK_GALLERY = True

COUNTERMARK_HOME = Path(required("COUNTERMARK_HOME", "the demo keeps everything in this folder.")).resolve()
COUNTERMARK_STORE = COUNTERMARK_HOME / "store"
DATABASES = {"default": database(COUNTERMARK_HOME / "countermark.sqlite3")}


def _kept_secret(file: Path) -> str:
    """Read the secret, or make one; the file is its owner's alone from the moment it exists."""
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(handle, "w", encoding="ascii") as new:
            new.write(secrets.token_urlsafe(48))
    return file.read_text(encoding="ascii").strip()


SECRET_KEY = _kept_secret(COUNTERMARK_HOME / "secret")
COUNTERMARK_NODE_NAME = node_name() or "node.demo.example"
COUNTERMARK_KEY_PASSPHRASE = fixed(_kept_secret(COUNTERMARK_HOME / "key-passphrase"))
COUNTERMARK_KEYS_ON_FIRST_USE = True
#: The three nodes of the demo stand beside one another on this machine.
COUNTERMARK_LOOPBACK_PARTNERS = True
COUNTERMARK_CAPTURE_LOOPBACK = True
COUNTERMARK_CHANNEL_LOOPBACK = True
COUNTERMARK_CHANNEL_FOLDER = COUNTERMARK_HOME / "channels"
COUNTERMARK_CHECKPOINT_SECONDS = 5
#: A working day: whoever looks around is not asked for a password at every turn.
COUNTERMARK_STEP_UP_MINUTES = number("COUNTERMARK_STEP_UP_MINUTES", 8 * 60, least=1, most=24 * 60)
COUNTERMARK_SIGNER = ""

# Loopback names only: a demo that is made reachable by mistake still answers nobody else.
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
# Cookies know no ports: three nodes on one host would log one another's people out.
_NODE = "".join(letter if letter.isalnum() else "-" for letter in COUNTERMARK_NODE_NAME)
SESSION_COOKIE_NAME = f"countermark-{_NODE}"
CSRF_COOKIE_NAME = f"countermark-{_NODE}-csrf"

# No collectstatic before a demo: files are found where they are.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"}}

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = COUNTERMARK_HOME / "mail"
DEFAULT_FROM_EMAIL = "countermark@demo.example"

SILENCED_SYSTEM_CHECKS = [
    *SILENCED_SYSTEM_CHECKS,
    "security.W004",
    "security.W008",
    "security.W012",
    "security.W016",
]  # no HTTPS on loopback

LOGGING_CONFIG = None
logs.configure(text("COUNTERMARK_LOG_LEVEL", "WARNING").upper())
