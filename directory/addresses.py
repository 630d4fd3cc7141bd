"""Addresses that people send us to be led to."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def is_ours(request: HttpRequest, address: str) -> bool:
    """Is this the path of a page here, and no way out to another site?"""
    hosts = {request.get_host()}
    return address.startswith("/") and url_has_allowed_host_and_scheme(address, hosts, request.is_secure())
