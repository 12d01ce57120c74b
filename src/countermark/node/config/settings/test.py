"""Tests: a folder that goes away, a fast hasher, either database."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from countermark.node.config.databases import database
from countermark.node.config.environment import text
from countermark.node.config.keys import fixed
from countermark.node.config.settings.shared import *  # noqa: F403

SECRET_KEY = "of-tests-only-and-never-of-a-node-0123456789"  # noqa: S105

COUNTERMARK_HOME = Path(tempfile.mkdtemp(prefix="countermark-test-"))
atexit.register(shutil.rmtree, COUNTERMARK_HOME, ignore_errors=True)
# A test that starts a process of its own hands the store on through the environment, as it does DATABASE_URL.
COUNTERMARK_STORE = Path(text("COUNTERMARK_STORE") or COUNTERMARK_HOME / "store")
COUNTERMARK_MAX_UPLOAD_BYTES = 16 * 1024**2

# A file, not memory: threads and processes of a test meet in it as they do on a node.
DATABASES = {"default": database(COUNTERMARK_HOME / "countermark.sqlite3", synchronous="OFF")}
_test_name = (
    f"test_countermark_{os.getpid()}"
    if DATABASES["default"]["ENGINE"].endswith("postgresql")
    else str(COUNTERMARK_HOME / "test_countermark.sqlite3")
)
DATABASES["default"] |= {"TEST": {"NAME": _test_name}, "CONN_MAX_AGE": 0}
#: Lets `flush` empty append-only tables between tests.
COUNTERMARK_RECORDS_ARE_FOR_TESTS = True

# One set of keys a process, made when a test first signs; any name of a log, so that a test may play several nodes.
COUNTERMARK_NODE_NAME = ""
COUNTERMARK_SIGNER = ""
COUNTERMARK_ORGANISATION_KEY = ""
COUNTERMARK_KEY_PASSPHRASE = fixed("of-tests-only-and-never-of-a-node")
COUNTERMARK_KEYS_ON_FIRST_USE = True

COUNTERMARK_CAPTURE_LOOPBACK = True
COUNTERMARK_CHANNEL_LOOPBACK = True
COUNTERMARK_CHANNEL_FOLDER = COUNTERMARK_HOME / "channels"
TIMESTAMP_AUTHORITIES = ()

ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DEFAULT_FROM_EMAIL = "countermark@test.example"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
