from django.urls import path

from .views.handoff import handoff, takeover
from .views.home import home
from .views.intro import intro
from .views.look import look
from .views.pictures import picture
from .views.question import question
from .views.result import result
from .views.run import run
from .views.uses import uses

app_name = "quizzes"
urlpatterns = [
    path("", home, name="home"),
    path("q/<slug:slug>/", intro, name="intro"),
    path("q/<slug:slug>/<uuid:run_id>/", run, name="run"),
    path("q/<slug:slug>/<uuid:run_id>/uses/", uses, name="uses"),
    path("q/<slug:slug>/<uuid:run_id>/result/", result, name="result"),
    path("q/<slug:slug>/<uuid:run_id>/continue-elsewhere/", handoff, name="handoff"),
    path("q/<slug:slug>/<uuid:run_id>/<slug:key>/", question, name="question"),
    path("continue/<str:token>/", takeover, name="takeover"),
    path("pictures/<str:name>", picture, name="picture"),
    path("looks/<str:name>.css", look, name="look"),
]
