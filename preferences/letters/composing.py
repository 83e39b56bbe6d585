"""What a message says. Alike for everyone but for a count, links and what apps enclose: no answer is in mail."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language_bidi, gettext, ngettext
from django.utils.translation import override as language_override

from .. import registry
from ..models import Brand, Letter, Topic
from ..registry import Enclosed, Provider
from ..translated import pick
from .colours import hexadecimal


@dataclass(frozen=True, slots=True)
class Words:
    """A letter's subject and paragraphs, and where its one button leads.

    `enclosed` stands where the letter's writer put it, `after` are the paragraphs that follow it. `enclosed_by` is who
    encloses something in this letter, whether or not anything was found; `is_empty`: it says nothing without that.
    """

    subject: str
    paragraphs: tuple[str, ...]
    button: str
    url: str
    enclosed: tuple[Enclosed, ...] = ()
    after: tuple[str, ...] = ()
    enclosed_by: Provider | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.paragraphs or self.enclosed or self.after)

    @property
    def enclosed_url(self) -> str:
        return self.enclosed_by.enclosed_url() if self.enclosed_by else ""


def _nothing_enclosed(_provider: Provider) -> Sequence[Enclosed]:
    return ()


def absolute(path: str) -> str:
    return f"{settings.PUBLIC_URL}{path}"


def letter_words(
    topic: Topic,
    letter: Letter | None,
    *,
    language: str,
    answer_count: int,
    has_account: bool,
    enclose: Callable[[Provider], Sequence[Enclosed]] = _nothing_enclosed,
) -> Words:
    """What a letter of this topic says, in `language`. `enclose` is asked where its writer left a place for it."""
    with language_override(language):
        if letter is not None:
            return _written(letter, language, has_account=has_account, enclose=enclose)
        center = reverse("preferences:center")
        asked = ngettext(
            "You asked us to tell you when answers grow old. {count} of yours soon counts no more, or has stopped to.",
            "You asked us to tell you when answers grow old. {count} of yours soon count no more, or have stopped to.",
            answer_count,
        ).format(count=answer_count)
        return Words(
            subject=ngettext("Is this answer still right?", "Are these answers still right?", answer_count),
            paragraphs=(
                asked,
                gettext("One tap says that it is still right. You can change it as well, or leave it to rest."),
                gettext("Which ones they are stands only there, not in this letter."),
            ),
            button=gettext("Have a look"),
            url=absolute(_for_them(center, has_account=has_account)),
        )


def _written(
    letter: Letter, language: str, *, has_account: bool, enclose: Callable[[Provider], Sequence[Enclosed]]
) -> Words:
    parts = paragraphs(pick(letter.body, language))
    place, provider = next(
        ((place, found) for place, part in enumerate(parts) if (found := registry.enclosing(part))), (len(parts), None)
    )
    after = tuple(part for part in parts[place + 1 :] if registry.enclosing(part) is None)
    enclosed = tuple(enclose(provider)) if provider else ()
    return Words(
        subject=one_line(pick(letter.subject, language)),
        paragraphs=parts[:place],
        button=gettext("Have a look") if enclosed else gettext("Choose what you hear from us"),
        url=absolute(
            _for_them(provider.enclosed_url(), has_account=has_account)
            if provider and enclosed
            else reverse("preferences:mail")
        ),
        enclosed=enclosed,
        after=after,
        enclosed_by=provider,
    )


def _for_them(path: str, *, has_account: bool) -> str:
    """Where only they see it: by way of signing in, for who has an account."""
    return f"{reverse('account_login')}?next={path}" if has_account else path


def letter_message(topic: Topic, words: Words, *, language: str, token: str) -> EmailMultiAlternatives:
    """The letter as mail, without an address yet, with RFC 8058's way to stop it at one press."""
    link = absolute(reverse("preferences:mail_link", args=[token]))
    with language_override(language):
        why = gettext("You get this because you switched on “{topic}”.").format(topic=pick(topic.title, language))
    context = {"words": words, "why": why, "link_url": link}
    message = _message("letter", context, subject=words.subject, language=language)
    ways = [f"<{link}>"]
    if settings.UNSUBSCRIBE_MAILTO:
        ways.append(f"<mailto:{settings.UNSUBSCRIBE_MAILTO}?subject=unsubscribe>")
    message.extra_headers["List-Unsubscribe"] = ", ".join(ways)
    message.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return message


def confirmation_message(*, language: str, token: str) -> EmailMultiAlternatives:
    """Asks whoever reads this address whether they asked for letters."""
    url = absolute(reverse("preferences:confirm_address", args=[token]))
    with language_override(language):
        subject = gettext("Shall we write to you here?")
    return _message("confirmation", {"url": url, "subject": subject}, subject=subject, language=language)


def one_line(text: str) -> str:
    return " ".join(text.split())


def paragraphs(text: str) -> tuple[str, ...]:
    return tuple(one_line(each) for each in text.replace("\r\n", "\n").split("\n\n") if each.strip())


def _message(name: str, context: Mapping[str, object], *, subject: str, language: str) -> EmailMultiAlternatives:
    brand = Brand.objects.filter(pk=1).first() or Brand(name="Proffer")
    with language_override(language):
        everything = {
            **context,
            "brand_name": brand.name,
            "language": language,
            "direction": "rtl" if get_language_bidi() else "ltr",
            "colours": _colours(brand),
        }
        text = render_to_string(f"preferences/mail/{name}.txt", everything)
        html = render_to_string(f"preferences/mail/{name}.html", everything)
    message = EmailMultiAlternatives(
        subject=one_line(subject),
        body=text.strip() + "\n",
        headers={"Auto-Submitted": "auto-generated", "Content-Language": language},
    )
    message.attach_alternative(html.strip() + "\n", "text/html")
    return message


def _colours(brand: Brand) -> dict[str, str]:
    """As tokens.css derives them; contrast is the lightness's affair, whatever the hue."""
    chroma = min(brand.chroma, 0.16)

    def tone(lightness: float, part: float) -> str:
        return hexadecimal(lightness, chroma * part, brand.hue)

    return {
        "paper": tone(0.984, 0.06), "card": tone(0.998, 0.015), "ink": tone(0.25, 0.32), "soft": tone(0.44, 0.28),
        "line": tone(0.89, 0.14), "accent": tone(0.43, 1), "on_accent": tone(0.985, 0.1),
        "dark_paper": tone(0.185, 0.2), "dark_card": tone(0.225, 0.24), "dark_ink": tone(0.945, 0.1),
        "dark_soft": tone(0.77, 0.18), "dark_line": tone(0.33, 0.2), "dark_accent": tone(0.82, 0.75),
        "dark_on_accent": tone(0.2, 0.4),
    }  # fmt: skip
