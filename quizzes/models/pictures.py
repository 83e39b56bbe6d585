"""Pictures that marketers uploaded: resized, without metadata, named by their content. Never changed or personal."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Picture(models.Model):
    """`name` is the SHA-256 of `data` with the extension; drafts and versions name it as `pictures/<name>`."""

    name = models.CharField(max_length=80, primary_key=True)
    data = models.BinaryField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    uploaded_at = models.DateTimeField(auto_now_add=True)
    uploaded_by = models.CharField(max_length=150, blank=True)

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    def __str__(self) -> str:
        return self.name
