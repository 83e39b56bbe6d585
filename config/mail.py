"""Mail while developing: sent messages become files in a folder, readable at /_mail/. Only mounted when started so."""

import email
import secrets
import time
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from pathlib import Path

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp as csp_override
from django.conf import settings
from django.core.mail import EmailMessage as DjangoMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import urlize
from django.views.decorators.http import require_safe

SHOWN = 100  # the newest messages the inbox lists


class FolderBackend(BaseEmailBackend):
    """Writes each message to settings.MAIL_FOLDER, under a name that sorts by time."""

    def send_messages(self, email_messages: list[DjangoMessage]) -> int:
        folder = Path(settings.MAIL_FOLDER)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for message in email_messages:
            name = f"{time.time_ns()}-{secrets.token_hex(3)}"
            draft = folder / f".{name}"
            draft.write_bytes(message.message().as_bytes(linesep="\r\n"))
            draft.rename(folder / f"{name}.eml")  # whole or not at all, for readers that look meanwhile
        return len(email_messages)


@dataclass(frozen=True)
class Letter:
    name: str
    subject: str
    to: str
    sent: str
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str


def letters() -> list[Letter]:
    """The newest messages, newest first."""
    files = sorted(Path(settings.MAIL_FOLDER).glob("*.eml"), reverse=True)[:SHOWN]
    return [_read(file) for file in files]


def _read(file: Path) -> Letter:
    parsed = email.message_from_bytes(file.read_bytes(), policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    text, html = (parsed.get_body(preferencelist=(kind,)) for kind in ("plain", "html"))
    return Letter(
        name=file.stem,
        subject=str(parsed["Subject"] or "(no subject)"),
        to=str(parsed["To"] or ""),
        sent=str(parsed["Date"] or ""),
        headers=tuple((name, str(value)) for name, value in parsed.items()),
        text=text.get_content() if text else "",
        html=html.get_content() if html else "",
    )


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    return render(request, "config/mail_inbox.html", {"letters": letters()})


@require_safe
def message(request: HttpRequest, name: str) -> HttpResponse:
    letter = _named(name)
    return render(request, "config/mail_message.html", {"letter": letter, "body": urlize(letter.text)})


@require_safe
@csp_override({"default-src": [NONE], "style-src": [UNSAFE_INLINE], "frame-ancestors": [NONE]})
def html(request: HttpRequest, name: str) -> HttpResponse:
    """The part with looks, as a mail program shows it: its own style, and nothing from anywhere else."""
    letter = _named(name)
    if not letter.html:
        raise Http404
    return HttpResponse(letter.html)


def _named(name: str) -> Letter:
    for letter in letters():
        if letter.name == name:
            return letter
    raise Http404
