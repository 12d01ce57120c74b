"""The node as an ASGI application, for uvicorn."""

import os
from typing import cast

from django.core.asgi import get_asgi_application

from countermark.node.config.bodies import Application, BoundedBodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "countermark.node.config.settings.production")

application = BoundedBodies(cast("Application", get_asgi_application()))
