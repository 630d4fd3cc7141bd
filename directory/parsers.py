"""How the API reads a body."""

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class SafeJSONParser(JSONParser):
    """JSON whose depth cannot exhaust the interpreter."""

    def parse(self, stream, media_type=None, parser_context=None):
        try:
            data = super().parse(stream, media_type, parser_context)
        except RecursionError as deep:
            raise ParseError("JSON parse error - nested too deeply") from deep
        if not isinstance(data, dict):
            raise ParseError("JSON parse error - an object is expected")
        return data
