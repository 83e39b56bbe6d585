"""Logs name routes and errors, never whom or what they were about."""

import logging
from types import SimpleNamespace

from config.logs import ImpersonalFormatter, ImpersonalRequests


def record(message: str, *args: object, request: object = None) -> logging.LogRecord:
    made = logging.LogRecord("django.request", logging.WARNING, __file__, 1, message, args, None)
    made.request = request
    return made


def test_a_path_becomes_its_route() -> None:
    request = SimpleNamespace(path="/continue/secret/", resolver_match=SimpleNamespace(route="continue/<str:token>/"))
    logged = record("Not Found: %s", "/continue/secret/", request=request)
    assert ImpersonalRequests().filter(logged)
    assert logged.getMessage() == "Not Found: /continue/<str:token>/"


def test_a_path_without_a_route_is_left_out() -> None:
    logged = record("Not Found: %s", "/ada@shop.example", request=SimpleNamespace(path="/ada@shop.example"))
    ImpersonalRequests().filter(logged)
    assert "ada" not in logged.getMessage()


def test_values_in_database_errors_are_left_out() -> None:
    try:
        raise ValueError("duplicate key value\nDETAIL:  Key (email)=(ada@shop.example) already exists.")
    except ValueError as error:
        text = ImpersonalFormatter().formatException((type(error), error, error.__traceback__))
    assert "duplicate key" in text
    assert "ada@" not in text.split("duplicate key value")[-1]
