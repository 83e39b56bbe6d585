"""`manage.py check_quiz SLUG`: what a quiz does to those who take it. Exits with 1 when something is wrong."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from quizzes.check import Finding, Report
from quizzes.check.findings import duration, percent
from quizzes.models import Quiz
from quizzes.services.checking import report_on
from quizzes.services.drafting import definition_of

BAR = 30


class Command(BaseCommand):
    help = "Check a quiz before publishing: who gets which outcome, who is asked what, and what is wrong."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--draft", action="store_true", help="the draft that marketers edit (the default)")
        which.add_argument("--live", action="store_true", help="the version that customers take now")
        parser.add_argument("--json", action="store_true", help="for other programs")

    def handle(self, *args: Any, **options: Any) -> None:
        quiz = Quiz.objects.select_related("live_version").filter(slug=options["slug"]).first()
        if quiz is None:
            raise CommandError(f"There is no quiz “{options['slug']}”.", returncode=2)
        if options["live"] and quiz.live_version is None:
            raise CommandError(f"“{quiz.slug}” is not open.", returncode=2)
        report = report_on(quiz.live_version.definition if options["live"] else definition_of(quiz))
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(quiz.slug, report), ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join(_lines(quiz.slug, report)))
        if report.has_errors:
            raise SystemExit(1)


def _as_json(slug: str, report: Report) -> dict[str, Any]:
    return {
        "quiz": slug,
        "findings": [_finding_json(each) for each in report.findings],
        "shares": report.shares,
        "asked": report.asked,
        "ties": report.ties,
        "is_exact": report.walks == 0,
        "random_walks": report.walks,
        "standard_error": report.error,
        "mean_seconds": round(report.mean_seconds, 1),
        "longest_seconds": report.longest_seconds,
    }


def _finding_json(each: Finding) -> dict[str, str]:
    return {name: getattr(each, name) for name in ("code", "severity", "place", "says", "fix")}


def _lines(slug: str, report: Report) -> list[str]:
    lines = [slug, ""]
    if report.shares:
        how = f"± {report.error:.1%}, from {report.walks:,} random walks" if report.walks else "every walk counted"
        lines += [f"Outcomes ({how})", *_bars(report.shares), ""]
        lines += ["Questions, by how many are asked", *_bars(report.asked), ""]
        lines.append(f"Ties   {percent(report.ties)}; the earlier outcome wins")
        lines.append(f"Time   {duration(report.mean_seconds)} on average, {duration(report.longest_seconds)} at most")
        lines.append("")
    for each in report.findings:
        lines += _finding(each)
    errors = sum(each.severity == "error" for each in report.findings)
    warnings = sum(each.severity == "warning" for each in report.findings)
    lines.append(f"{errors} errors, {warnings} warnings." if report.findings else "Nothing to improve.")
    return lines


def _bars(shares: Any) -> list[str]:
    width = max(map(len, shares), default=0)
    return [
        f"  {key:<{width}}  {percent(share):>6}  {'█' * round(share * BAR) or ('▏' if share else '')}".rstrip()
        for key, share in shares.items()
    ]


def _finding(each: Finding) -> list[str]:
    return [
        f"{each.severity.upper():<8} {each.place or 'quiz'}  [{each.code}]",
        f"         {each.says}",
        f"         {each.fix}",
        "",
    ]
