from django.urls import include, path

from config.bench import baseline, naive

urlpatterns = [
    path("bench/insert/", baseline.insert),
    path("bench/naive/<int:run_id>/<slug:key>/", naive.step, name="bench_naive_step"),
    path("bench/naive/", naive.start),
    path("", include("config.urls")),
]
