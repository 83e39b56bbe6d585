"""Where a picture is shown from: what marketers uploaded comes from the database, the brand's own art is static."""

from django.templatetags.static import static
from django.urls import reverse

from ..pictures import FOLDER


def art_url(path: str) -> str:
    """The address of a picture named in a definition; "" for none."""
    if path.startswith(FOLDER):
        return reverse("quizzes:picture", args=[path.removeprefix(FOLDER)])
    return static(path) if path else ""
