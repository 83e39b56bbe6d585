"""What someone reads whose machine lacks what `make run` needs."""

import sys

import pytest

from config import bootstrap


def test_an_old_python_is_named_with_what_to_do(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    with pytest.raises(SystemExit) as stopped:
        bootstrap.check_python()
    said = capsys.readouterr().err + str(stopped.value.code)
    assert "needs Python 3.11 or newer" in said
    assert "3.9.2" in said
    assert "make run PYTHON=" in said


@pytest.mark.parametrize("missing", ["venv", "ensurepip"])
def test_a_python_without_venv_says_which_package_brings_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture, missing: str
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(SystemExit) as stopped:
        bootstrap.check_python()
    assert "-venv" in capsys.readouterr().err + str(stopped.value.code)
