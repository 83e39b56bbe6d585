from django.apps import AppConfig


class BenchConfig(AppConfig):
    """Only installed by config.bench.settings: the baselines' tables exist in a benchmark's database alone."""

    name = "config.bench"
    label = "bench"
