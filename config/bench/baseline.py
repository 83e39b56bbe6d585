"""What everything is compared with: a bare view, and a bare task, that durably insert one row of an answer's size."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

TABLES = """
CREATE TABLE bench_insert (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, run uuid NOT NULL, question text NOT NULL, value jsonb,
    at timestamptz NOT NULL DEFAULT clock_timestamp());
GRANT INSERT ON bench_insert TO proffer_web, proffer_offers;
"""
INSERT = """
INSERT INTO bench_insert (run, question, value) VALUES ('7a3e8f6c-5d0e-4a53-9a30-2f3c1b9f6d10', %s, %s)
"""


@require_POST
def insert(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(INSERT, ["skin_type", '"' + request.POST.get("answer", "")[:50] + '"'])
    return HttpResponse("ok")
