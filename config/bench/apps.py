from django.apps import AppConfig


class BenchConfig(AppConfig):
    """Only installed by config.bench.settings: the baselines' tables exist in a benchmark's database alone."""

    name = "config.bench"
    label = "bench"

    def ready(self) -> None:
        from django.conf import settings

        if settings.BENCH_SCORES_NOTHING:
            from config.bench import everybody

            everybody.score_nothing()
