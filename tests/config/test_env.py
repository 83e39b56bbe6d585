"""Settings fail loudly, secrets may be files, and .env.example tells them all."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from config import env
from config.data_folder import PROJECT


def test_a_missing_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    with pytest.raises(env.SettingError, match="SECRET_KEY is not set"):
        env.text("SECRET_KEY")


def test_a_secret_may_be_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from the file\n")
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "key"))
    assert env.text("SECRET_KEY") == "from the file"


def test_a_secret_file_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "none"))
    with pytest.raises(env.SettingError, match=r"SECRET_KEY_FILE names .*none"):
        env.text("SECRET_KEY")


def test_a_setting_and_its_file_together_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SECRET_KEY", "a")
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path))
    with pytest.raises(env.SettingError, match="not both"):
        env.text("SECRET_KEY")


@pytest.mark.parametrize(("value", "meant"), [("yes", True), ("1", True), ("No", False), ("off", False)])
def test_booleans(value: str, meant: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_SWITCH", value)
    assert env.boolean("A_SWITCH", default=not meant) is meant


def test_nonsense_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ODD", "perhaps")
    with pytest.raises(env.SettingError, match="yes or no"):
        env.boolean("ODD", default=True)
    with pytest.raises(env.SettingError, match="whole number"):
        env.integer("ODD", 1)
    with pytest.raises(env.SettingError, match="one of a, b"):
        env.choice("ODD", ("a", "b"), "a")
    with pytest.raises(env.SettingError, match="ODD must look like"):
        env.database("ODD")


def test_database_urls() -> None:
    found = env.parse_database_url("postgresql://ada:p%40ss@db.example:5433/shop?sslmode=require")
    assert found == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "shop",
        "USER": "ada",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("# a comment\nFIRST_SETTING='from file'\nSECOND_SETTING=two=2\n")
    monkeypatch.setenv("FIRST_SETTING", "from outside")
    monkeypatch.setenv("SECOND_SETTING", "")
    monkeypatch.delenv("SECOND_SETTING")
    env.read_file(file)
    assert (os.environ["FIRST_SETTING"], os.environ["SECOND_SETTING"]) == ("from outside", "two=2")


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("FINE=1\nnot a setting\n")
    with pytest.raises(env.SettingError, match=r"\.env, line 2"):
        env.read_file(tmp_path / ".env")


PRODUCTION = {
    "SECRET_KEY": "x" * 50,
    "ALLOWED_HOSTS": "shop.example",
    "DATABASE_URL": "postgresql://proffer_web@127.0.0.1/proffer",
    "BROKER_URL": "redis://127.0.0.1/0",
}


@pytest.mark.parametrize("missing", PRODUCTION)
def test_production_refuses_to_start_without(missing: str, tmp_path: Path) -> None:
    """Nothing said about the environment means production."""
    given = {name: value for name, value in PRODUCTION.items() if name != missing}
    done = _load_settings(given, tmp_path)
    assert done.returncode != 0
    assert f"{missing} is not set" in done.stderr


def test_production_starts_with_everything(tmp_path: Path) -> None:
    done = _load_settings(PRODUCTION, tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["production", "False", "True", "True", "31536000"]


def _load_settings(given: dict[str, str], data: Path) -> subprocess.CompletedProcess[str]:
    code = (
        "from django.conf import settings as s;"
        "print(s.ENVIRONMENT, s.DEBUG, s.SESSION_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS)"
    )
    environment = {"PATH": os.environ["PATH"], "PROFFER_DATA": str(data), "DJANGO_SETTINGS_MODULE": "config.settings"}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, env=environment | given, capture_output=True, text=True, check=False
    )


READERS = re.compile(r"""env\.(?:text|boolean|integer|choice|words|database)\(\s*"([A-Z_]+)\"""")
# Between our own processes, and for tests.
INTERNAL = {"STAFF_FILE", "STATIC_MANIFEST", "BENCH_COUNTS", "BENCH_SCORES_NOTHING"}


def test_the_example_documents_every_setting() -> None:
    read = {"PROFFER_DATA", "CHROMIUM_PATH", "TEST_OWNER_DATABASE_URL"}
    for path in [*(PROJECT / "config").rglob("*.py")]:
        read |= set(READERS.findall(path.read_text()))
    read |= {"DATABASE_URL", "WORKER_DATABASE_URL", "OFFERS_DATABASE_URL", "OWNER_DATABASE_URL", "WEB_WORKERS"}
    read |= {"OFFERS_WORKERS"}
    documented = set(re.findall(r"^#?([A-Z_]+)=", (PROJECT / ".env.example").read_text(), re.MULTILINE))
    assert read - INTERNAL == documented
