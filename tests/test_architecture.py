"""Conventions that would otherwise be forgotten: which way imports go, what is pure, how long a file may be."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

PROJECT = Path(__file__).parent.parent
APPS = ("preferences", "quizzes", "recommendations")
FOREIGN = {
    "preferences": {"quizzes", "recommendations", "config", "tests"},
    "quizzes": {"recommendations", "config", "tests"},
    "recommendations": {"quizzes", "config", "tests"},
}
# Pages meet where the design says they do: the quiz's result page shows recommendations' offers.
PAGES_THAT_COMPOSE = {"quizzes/result.html": {"recommendations"}, "quizzes/_routine.html": {"recommendations"}}

# Modules that decide without Django, a database or a clock.
PURE = (
    "preferences/clocks.py",
    "preferences/coding.py",
    "preferences/conditions.py",
    "preferences/flow_picture.py",
    "preferences/grid.py",
    "preferences/receipts/__init__.py",
    "preferences/receipts/composing.py",
    "preferences/receipts/erasing.py",
    "preferences/receipts/facts.py",
    "preferences/receipts/fingerprint.py",
    "preferences/receipts/shape.py",
    "preferences/translated.py",
    "quizzes/answering.py",
    "quizzes/answers.py",
    "quizzes/check/__init__.py",
    "quizzes/check/answer_space.py",
    "quizzes/check/chance.py",
    "quizzes/check/context.py",
    "quizzes/check/differences.py",
    "quizzes/check/files.py",
    "quizzes/check/faults.py",
    "quizzes/check/findings.py",
    "quizzes/check/memory.py",
    "quizzes/check/mending.py",
    "quizzes/check/paying.py",
    "quizzes/check/places.py",
    "quizzes/check/report.py",
    "quizzes/check/straightening.py",
    "quizzes/check/rewording.py",
    "quizzes/check/tone.py",
    "quizzes/check/translating.py",
    "quizzes/check/walks.py",
    "quizzes/check/ways.py",
    "quizzes/check/winning.py",
    "quizzes/checks.py",
    "quizzes/definition.py",
    "quizzes/flow.py",
    "quizzes/look.py",
    "quizzes/order.py",
    "quizzes/opening.py",
    "quizzes/mapping/__init__.py",
    "quizzes/mapping/graph.py",
    "quizzes/mapping/layout.py",
    "quizzes/outcome.py",
    "quizzes/parts.py",
    "quizzes/points_grid.py",
    "quizzes/problems.py",
    "quizzes/quoting.py",
    "quizzes/reading.py",
    "quizzes/remaining.py",
    "recommendations/discretion.py",
    "recommendations/condition_rows.py",
    "recommendations/eligibility.py",
    "recommendations/explaining.py",
    "recommendations/scoring.py",
)
IMPURE_IMPORTS = {"django", "psycopg", "celery", "time", "random", "secrets", "os", "socket", "subprocess", "pathlib"}
CLOCKS = re.compile(r"\b(datetime\.now|datetime\.utcnow|date\.today|timezone\.now|time\.time)\(")

# Inside an app, imports go down.
RANKS = {
    "models": 1, "signals": 1, "selectors": 2, "services": 3, "tasks": 4, "forms": 4,
    "receivers": 5, "views": 5, "admin": 5, "urls": 6, "apps": 6,
}  # fmt: skip
LONGEST_FILE = 400


def sources(*folders: str) -> list[Path]:
    files = [path for folder in folders for path in sorted((PROJECT / folder).rglob("*.py"))]
    return [path for path in files if "migrations" not in path.parts]


def imported(path: Path) -> set[str]:
    """The dotted names this file imports, relative ones resolved."""
    package = path.relative_to(PROJECT).with_suffix("").parts[:-1]
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (base, node.module or "") if part)
            names |= {f"{module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("app", APPS)
def test_imports_follow_the_arrows(app: str) -> None:
    wrong = {
        f"{path.relative_to(PROJECT)} imports {name}"
        for path in sources(app)
        for name in imported(path)
        if name.split(".")[0] in FOREIGN[app]
    }
    assert wrong == set()


@pytest.mark.parametrize("app", APPS)
def test_foreign_keys_follow_the_arrows(app: str) -> None:
    wrong = {
        f"{model.__name__}.{field.name} → {field.related_model._meta.app_label}"
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model
        if field.related_model._meta.app_label in FOREIGN[app]
    }
    assert wrong == set()


@pytest.mark.parametrize("app", APPS)
def test_templates_load_along_the_arrows(app: str) -> None:
    owner_of = {
        path.stem: path.relative_to(PROJECT).parts[0]
        for folder in (*APPS, "config")
        for path in (PROJECT / folder / "templatetags").glob("*.py")
    }
    wrong = set()
    for template in sorted((PROJECT / "templates" / app).rglob("*.html")):
        name = template.relative_to(PROJECT / "templates").as_posix()
        for libraries in re.findall(r"{%\s*load\s+([^%]+?)\s*%}", template.read_text(encoding="utf-8")):
            for library in libraries.split(" from ")[-1].split():
                owner = owner_of.get(library, "")
                if owner in FOREIGN[app] and owner not in PAGES_THAT_COMPOSE.get(name, set()):
                    wrong.add(f"{name} loads {library} of {owner}")
    assert wrong == set()


@pytest.mark.parametrize("name", PURE)
def test_pure_modules_are_pure(name: str) -> None:
    path = PROJECT / name
    assert not {module for module in imported(path) if module.split(".")[0] in IMPURE_IMPORTS}
    assert not CLOCKS.search(path.read_text(encoding="utf-8")), "`now` is an argument"
    pure = {module.removesuffix(".py").replace("/", ".") for module in PURE}
    ours = {module for module in imported(path) if module.split(".")[0] in APPS}
    assert not {module for module in ours if not any(module == p or module.startswith(f"{p}.") for p in pure)}


@pytest.mark.parametrize("app", APPS)
def test_inside_an_app_imports_go_down(app: str) -> None:
    wrong = set()
    for path in sources(app):
        rank = _rank(path.relative_to(PROJECT / app).with_suffix("").parts)
        for name in imported(path):
            parts = name.split(".")
            if parts[0] == app and rank and _rank(tuple(parts[1:])) > rank:
                wrong.add(f"{path.relative_to(PROJECT)} imports {name}")
    assert wrong == set()


def _rank(parts: tuple[str, ...]) -> int:
    return RANKS.get(parts[0], 0) if parts else 0


def test_no_file_is_too_long() -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "*.py", "*.html", "*.css", "*.js"], cwd=PROJECT, capture_output=True, text=True, check=False
    ).stdout.split("\n")
    long = {}
    for name in filter(None, tracked):
        path = PROJECT / name
        if "migrations" in path.parts or not path.exists():
            continue
        lines = path.read_text(encoding="utf-8").count("\n")
        if lines > LONGEST_FILE:
            long[name] = lines
    assert long == {}


def test_templates_are_ours_alone() -> None:
    inside_apps = [path for app in APPS for path in (PROJECT / app).rglob("templates")]
    assert inside_apps == []
    assert settings.TEMPLATES[0]["DIRS"] == [PROJECT / "templates"]


def test_nothing_is_loaded_from_another_host() -> None:
    """No CDN, no remote font, no tracker: neither in templates nor in what they link."""
    elsewhere = r"""["']?(?:https?:)?//"""
    loads = re.compile(rf"(?:src|srcset)={elsewhere}|<link[^>]+href={elsewhere}|url\({elsewhere}")
    files = [
        path
        for folder in ("templates", "static")
        for path in (PROJECT / folder).rglob("*")
        if path.suffix in {".html", ".css", ".js", ".svg"}
    ]
    assert [str(path) for path in files if loads.search(path.read_text(encoding="utf-8"))] == []
