"""The node as an ASGI application, for uvicorn."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "countermark.node.config.settings.production")

application = get_asgi_application()
