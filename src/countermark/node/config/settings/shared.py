"""What every node shares: rooms, middleware, templates, languages, limits."""

from pathlib import Path

from countermark.node.config.authorities import authorities
from countermark.node.config.environment import networks, number, optional_secret, text
from countermark.node.config.keys import key_passphrase
from countermark.node.config.policies import conduct_bytes, policy_bytes
from countermark.node.config.references import network_named, rates_named
from countermark.node.config.settings.accounts import *  # noqa: F403
from countermark.node.config.settings.protection import *  # noqa: F403
from countermark.node.config.timestamping import timestampers

WEB = Path(__file__).parents[2] / "web"

ROOT_URLCONF = "countermark.node.config.urls"
CSRF_FAILURE_VIEW = "countermark.node.web.problems.views.csrf_failure"
ASGI_APPLICATION = "countermark.node.config.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

#: Rooms of ours stand before allauth, so that our templates win.
INSTALLED_APPS = [
    "countermark.node.kernel",
    "countermark.node.audit",
    "countermark.node.parties",
    "countermark.node.lawbook",
    "countermark.node.evidence",
    "countermark.node.rights",
    "countermark.node.listings",
    "countermark.node.findings",
    "countermark.node.exchange",
    "countermark.node.channels",
    "countermark.node.notices",
    "countermark.node.proceedings",
    "countermark.node.conduct",
    "countermark.node.review",
    "countermark.node.cases",
    "countermark.node.insight",
    "countermark.node.duties",
    "countermark.node.jobs",
    "countermark.node.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
]

MIDDLEWARE = [
    "countermark.node.config.requests.RequestMiddleware",
    "countermark.node.config.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "countermark.node.config.static.StaticFiles",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "countermark.node.web.preferences.PreferencesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "countermark.node.web.problems.middleware.ProblemMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [WEB / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# Comments on columns are for PostgreSQL, where lawyers and auditors look; SQLite has none.
SILENCED_SYSTEM_CHECKS = ["fields.W163"]

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [WEB / "locale"]

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Our styles and scripts are for our pages; WhiteNoise would let every site read them.
WHITENOISE_ALLOW_ALL_ORIGINS = False
# Nothing is ever served from a media folder: pictures go through `evidence`, which checks who asks.
MEDIA_ROOT = ""
MEDIA_URL = ""

#: Uploads go to temporary files, never to memory; a page form without files is at most 256 KB.
FILE_UPLOAD_HANDLERS = ["countermark.node.config.uploads.BoundedUpload"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
# A house may list two thousand sellers, three fields each; the size above is what bounds a form.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 8_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
COUNTERMARK_MAX_UPLOAD_BYTES = number("COUNTERMARK_MAX_UPLOAD_BYTES", 2 * 1024**3, least=1024)
COUNTERMARK_MAX_FILM_BYTES = number("COUNTERMARK_MAX_FILM_BYTES", 1024**3, least=1024)
COUNTERMARK_UNDO_MINUTES = number("COUNTERMARK_UNDO_MINUTES", 10, most=24 * 60)
#: Bytes of the policy file that new scans are judged by; empty: the shipped one.
COUNTERMARK_POLICY = policy_bytes("COUNTERMARK_POLICY")
#: Exchange rates that new scans compare prices with, and a learned network that compares pictures; None: without.
COUNTERMARK_RATES = rates_named("COUNTERMARK_RATES")
COUNTERMARK_NETWORK = network_named("COUNTERMARK_NETWORK")
#: Bytes of the policy about strikes, measures and rates; empty: the shipped one.
COUNTERMARK_CONDUCT = conduct_bytes("COUNTERMARK_CONDUCT")

#: File of the organisation's key, where it lies on the node; empty where it is kept elsewhere, as it should.
COUNTERMARK_ORGANISATION_KEY = text("COUNTERMARK_ORGANISATION_KEY")
#: Called when a key is opened, so that no setting ever holds the passphrase.
COUNTERMARK_KEY_PASSPHRASE = key_passphrase
#: Whether missing keys are made when they are first needed: only where nobody relies on them.
COUNTERMARK_KEYS_ON_FIRST_USE = False

#: Minutes after which a grave act asks again for password or second factor.
COUNTERMARK_STEP_UP_MINUTES = number("COUNTERMARK_STEP_UP_MINUTES", 15, least=1, most=24 * 60)
#: Seconds between two checkpoints of our log; what must stand in it at once makes one at once.
COUNTERMARK_CHECKPOINT_SECONDS = number("COUNTERMARK_CHECKPOINT_SECONDS", 60, least=1, most=3600)
#: Timestamp authorities: address, and bytes of the PEM file with their certificates; two at most.
TIMESTAMP_AUTHORITIES = timestampers("COUNTERMARK_TSA_URLS", "COUNTERMARK_TSA_CERTIFICATES")
#: Country in which this node keeps its data, ISO 3166-1 alpha-2; empty when not said.
COUNTERMARK_STORED_IN = text("COUNTERMARK_STORED_IN").upper()
#: Whether pages and timestamp authorities on this machine itself may be asked.
COUNTERMARK_CAPTURE_LOOPBACK = False
#: Private networks in which partners' nodes stand.
COUNTERMARK_PARTNER_NETWORKS = networks("COUNTERMARK_PARTNER_NETWORKS")
#: By partner's node, the certificates that are trusted there, and no others.
COUNTERMARK_PARTNER_AUTHORITIES = authorities("COUNTERMARK_PARTNER_AUTHORITIES")
#: Whether a partner may stand on this machine itself, without TLS.
COUNTERMARK_LOOPBACK_PARTNERS = False

#: Where statements of reasons go; the sandbox has an address of its own.
COUNTERMARK_DSA_URL = text("COUNTERMARK_DSA_URL", "https://transparency.dsa.ec.europa.eu/api/v1").rstrip("/")
#: Called for each use, so that no setting ever holds a secret.
COUNTERMARK_DSA_TOKEN = optional_secret("COUNTERMARK_DSA_TOKEN")
COUNTERMARK_EBAY_URL = text("COUNTERMARK_EBAY_URL", "https://api.ebay.com").rstrip("/")
COUNTERMARK_EBAY_CLIENT_ID = text("COUNTERMARK_EBAY_CLIENT_ID")
COUNTERMARK_EBAY_CLIENT_SECRET = optional_secret("COUNTERMARK_EBAY_CLIENT_SECRET")
#: Whether channels may lead to this machine itself.
COUNTERMARK_CHANNEL_LOOPBACK = False
