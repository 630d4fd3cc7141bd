"""The web server's entrance."""

import os

from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


class Request(WSGIRequest):
    """Its type is read and nothing is decoded yet: Django's own would read the address in whatever encoding the header
    claims, and what fails there fails before any page can answer. `config.middleware.OnlyUtf8` says what is taken.
    """

    def _set_content_type_params(self, meta: dict) -> None:
        try:
            self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except ValueError:
            self.content_type, self.content_params = "", {"charset": "unreadable"}


application = get_wsgi_application()
application.request_class = Request
