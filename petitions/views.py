"""The pages of petitions."""

from django.http import Http404


def queue(request):
    raise Http404


def petitions(request):
    raise Http404


def new(request):
    raise Http404


def petition(request, number):
    raise Http404


def attachment(request, number, key):
    raise Http404


def take_step(request, number, step):
    raise Http404


def log_visit(request):
    raise Http404
