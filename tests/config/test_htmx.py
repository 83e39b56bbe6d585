"""How htmx is set up, where a wrong setting would only be seen in a browser's console."""

from django.conf import settings


def test_htmx_writes_no_style_into_markup() -> None:
    """Two sliders one after the other have the same id: htmx would copy the style of the one to the other, which the
    content security policy refuses with an error."""
    assert "style" not in settings.HTMX_CONFIG["attributesToSettle"]
    assert {"class", "width"} <= set(settings.HTMX_CONFIG["attributesToSettle"]), "the meter still moves"
