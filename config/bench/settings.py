"""The project's settings, and what only a benchmark has: the baselines' addresses, and counting when asked for."""

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS, MIDDLEWARE, env

INSTALLED_APPS = [*INSTALLED_APPS, "config.bench"]
BENCH_SCORES_NOTHING = env.boolean("BENCH_SCORES_NOTHING", default=False)
ROOT_URLCONF = "config.bench.urls"
if env.boolean("BENCH_COUNTS", default=False):
    MIDDLEWARE = ["config.bench.counting.CountQueries", *MIDDLEWARE]
