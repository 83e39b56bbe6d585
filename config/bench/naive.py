"""The same step as one would first write it: rows for everything, read through the ORM at every request.

For comparison only. It keeps less (no versions, no conditions, no row security of its own), and still takes more
queries, because the quiz is read from its tables at every step.
"""

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

TABLES = """
CREATE TABLE bench_naivequiz (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, title text NOT NULL);
CREATE TABLE bench_naivequestion (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, quiz_id bigint NOT NULL REFERENCES bench_naivequiz,
    key text NOT NULL, title text NOT NULL, why text NOT NULL, position integer NOT NULL, UNIQUE (quiz_id, key));
CREATE TABLE bench_naivechoice (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, question_id bigint NOT NULL REFERENCES bench_naivequestion,
    value text NOT NULL, label text NOT NULL, position integer NOT NULL, UNIQUE (question_id, value));
CREATE TABLE bench_naiverun (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, quiz_id bigint NOT NULL REFERENCES bench_naivequiz,
    customer_id bigint NOT NULL, started_at timestamptz NOT NULL);
CREATE TABLE bench_naiveanswer (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, run_id bigint NOT NULL REFERENCES bench_naiverun,
    question_id bigint NOT NULL REFERENCES bench_naivequestion, choice_id bigint REFERENCES bench_naivechoice,
    answered_at timestamptz NOT NULL, UNIQUE (run_id, question_id));
GRANT SELECT, INSERT, UPDATE
    ON bench_naivequiz, bench_naivequestion, bench_naivechoice, bench_naiverun, bench_naiveanswer TO proffer_web;
"""
FILL = """
INSERT INTO bench_naivequiz (title) VALUES ('Your skin on an ordinary day');
INSERT INTO bench_naivequestion (quiz_id, key, title, why, position)
    SELECT 1, 'q' || n, 'How does your skin feel at hour ' || n || '?', 'It decides what we ask next.', n
    FROM generate_series(1, 9) n;
INSERT INTO bench_naivechoice (question_id, value, label, position)
    SELECT q.id, 'v' || n, 'A choice with a few words in it, number ' || n, n
    FROM bench_naivequestion q, generate_series(1, 5) n;
"""


class NaiveQuiz(models.Model):
    title = models.TextField()

    class Meta:
        managed = False

    def __str__(self) -> str:
        return self.title


class NaiveQuestion(models.Model):
    quiz = models.ForeignKey(NaiveQuiz, on_delete=models.CASCADE, related_name="questions")
    key = models.TextField()
    title = models.TextField()
    why = models.TextField()
    position = models.IntegerField()

    class Meta:
        managed = False
        ordering = ("position",)

    def __str__(self) -> str:
        return self.key


class NaiveChoice(models.Model):
    question = models.ForeignKey(NaiveQuestion, on_delete=models.CASCADE, related_name="choices")
    value = models.TextField()
    label = models.TextField()
    position = models.IntegerField()

    class Meta:
        managed = False
        ordering = ("position",)

    def __str__(self) -> str:
        return self.value


class NaiveRun(models.Model):
    quiz = models.ForeignKey(NaiveQuiz, on_delete=models.CASCADE)
    customer_id = models.BigIntegerField()
    started_at = models.DateTimeField()

    class Meta:
        managed = False

    def __str__(self) -> str:
        return f"naive run {self.pk}"


class NaiveAnswer(models.Model):
    run = models.ForeignKey(NaiveRun, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(NaiveQuestion, on_delete=models.CASCADE)
    choice = models.ForeignKey(NaiveChoice, on_delete=models.CASCADE, null=True)
    answered_at = models.DateTimeField()

    class Meta:
        managed = False

    def __str__(self) -> str:
        return f"naive answer {self.pk}"


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    quiz = NaiveQuiz.objects.get()
    run = NaiveRun.objects.create(quiz=quiz, customer_id=request.customer.id, started_at=timezone.now())  # type: ignore[attr-defined]
    return redirect("bench_naive_step", run_id=run.pk, key="q1")


def step(request: HttpRequest, run_id: int, key: str) -> HttpResponse:
    """Stores the answer and shows the next question at once, as the htmx step does."""
    run = get_object_or_404(NaiveRun, pk=run_id, customer_id=request.customer.id)  # type: ignore[attr-defined]
    question = get_object_or_404(NaiveQuestion, quiz=run.quiz, key=key)
    if request.method == "POST":
        choice = get_object_or_404(NaiveChoice, question=question, value=request.POST.get("answer", ""))
        NaiveAnswer.objects.update_or_create(
            run=run, question=question, defaults={"choice": choice, "answered_at": timezone.now()}
        )
    answered = {answer.question_id for answer in run.answers.all()}
    questions = list(run.quiz.questions.all())
    following = next((each for each in questions if each.pk not in answered), questions[-1])
    place = f"/bench/naive/{run.pk}/{following.key}/"
    context = {
        "quiz": {"title": run.quiz.title},
        "question": {
            "key": following.key,
            "kind": "single",
            "title": following.title,
            "why": following.why,
            "required": True,
            "choices": [{"value": each.value, "label": each.label} for each in following.choices.all()],
        },
        "progress": {
            "percent": 100 * len(answered) // len(questions),
            "phrase": f"{len(answered)} of {len(questions)}",
        },
        "action": place,
        "back_url": f"/bench/naive/{run.pk}/{question.key}/",
    }
    response = render(request, "quizzes/question.html", context)
    response["HX-Push-Url"] = place
    return response
