"""Zebulon tells all there is to tell, in words nobody else uses, and deletes everything. Then every table of every
database and every file of the installation is searched for them.

Left out: the mail folder, which stands for the recipients' inboxes; the database server's own files, where a deleted
row stays until vacuum and the write-ahead log come by, and the planner's statistics, which only an administrator reads
(docs/receipts.md says so); and what processes have in memory.
"""

import email
import io
import json
import os
import re
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from email import policy
from pathlib import Path
from urllib.parse import quote
from zipfile import ZipFile

import psycopg
import pytest
from django.core.signing import b64_decode
from playwright.sync_api import expect
from psycopg import sql

from config.data_folder import PROJECT
from preferences.access import token_hash
from tests.journeys.answers import SENSITIVE, pet
from tests.journeys.test_signing_in import newest_code, sign_in
from tests.quizzes.builders import question, quiz
from tests.support.robot import Robot, soon
from tests.support.stack import Stack
from tests.support.visitor import Visitor

ACCOUNT = "zebulon.quagmire@rare.example"
LETTERS = "zebulon.letters@rarer.example"
WISH, PET, NUMBER, CAMPAIGN = "my xylophone is lapis lazuli", "Mxyzptlk", "31337.25", "syzygy-in-autumn"
WROTE = "quixotic bassoonist of Ouagadougou"
TOLD = (ACCOUNT, LETTERS, WISH, PET, NUMBER, CAMPAIGN, WROTE)
FIRST_ID = 918273645
RARITIES = quiz(
    question("wishes", "text", max=80),
    question("tally", "number", min=0, max=99999, step=0.25),
    slug="rarities",
    hidden=["utm_campaign"],
    purposes=["offers"],
)


def manage(stack: Stack, *arguments: str, process: str = "worker", typed: str = "") -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], "PROFFER_DATA": str(stack.folder), "PROFFER_PROCESS": process},
        input=typed,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def publishing(change: str) -> str:
    return (
        "from quizzes.models import Quiz; from quizzes.services import publishing; "
        f"publishing.{change}(quiz=Quiz.objects.get(slug='rarities'))"
    )


@pytest.fixture
def rarities(live_stack: Stack) -> Iterator[None]:
    """A quiz that takes any words and any number; and whoever comes now has an unmistakable one."""
    manage(live_stack, "import_quiz", "-", process="owner", typed=json.dumps(RARITIES))
    manage(live_stack, "shell", "-c", publishing("publish"), process="owner")
    with administrator(live_stack, "proffer") as database:
        for table in ("customer", "profile"):
            database.execute("SELECT setval(%s, %s)", [f"preferences_{table}_id_seq", FIRST_ID])
    yield
    manage(live_stack, "shell", "-c", publishing("unpublish"), process="owner")


def administrator(stack: Stack, database: str) -> psycopg.Connection:
    url = stack.settings["OWNER_DATABASE_URL"].rpartition("/")[0]
    return psycopg.connect(f"{url}/{database}", autocommit=True)


# ── The search ───────────────────


def databases(stack: Stack) -> list[str]:
    with administrator(stack, "postgres") as any_of_them:
        return [name for (name,) in any_of_them.execute("SELECT datname FROM pg_database WHERE datallowconn")]


def tables_that_say(stack: Stack, markers: set[str]) -> set[tuple[str, str]]:
    """Place and marker, for every row of every table, the server's own included; sessions are opened first."""
    found = set()
    for name in databases(stack):
        with administrator(stack, name) as database:
            tables = database.execute(
                "SELECT nspname, relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
                " WHERE relkind IN ('r', 'p', 'm') AND relname <> 'pg_statistic'"
            ).fetchall()
            for schema, table in tables:
                rows = database.execute(
                    sql.SQL("SELECT row_to_json(each)::text FROM {} each").format(sql.Identifier(schema, table))
                )
                text = "\n".join(opened(row) if table == "django_session" else row for (row,) in rows)
                found |= {(f"{name}.{table}", marker) for marker in said(text, markers)}
    return found


def opened(row: str) -> str:
    """A session's row with what it holds; it is packed, but not secret."""
    packed = json.loads(row)["session_data"].split(":")[0]
    return row + unpacked(packed)


def unpacked(packed: str) -> str:
    content = b64_decode(packed.lstrip(".").encode())
    return (zlib.decompress(content) if packed.startswith(".") else content).decode()


def files_that_say(stack: Stack, markers: set[str]) -> set[tuple[str, str]]:
    found = set()
    for file in files(stack):
        text = file.read_bytes().decode(errors="replace")
        found |= {(str(file), marker) for marker in said(text, markers)}
    return found


def files(stack: Stack) -> list[Path]:
    """Logs, settings, temporary files: all but the inboxes and the server's tables and log of changes."""
    note = stack.folder / "embedded" / "cluster-is-at"
    cluster = Path(note.read_text().strip()) if note.exists() else stack.folder / "embedded" / "postgresql"
    assert (cluster / "PG_VERSION").exists()
    left_out = (stack.mail, cluster / "base", cluster / "pg_wal")
    everything = [each for folder in {stack.folder, cluster} for each in folder.rglob("*") if each.is_file()]
    return [each for each in everything if not any(each.is_relative_to(one) for one in left_out)]


def said(text: str, markers: set[str]) -> set[str]:
    """Those that are in the text, whatever their case, as they are or as an address line or a JSON text has them."""
    text = text.casefold()
    return {each for each in markers if any(form.casefold() in text for form in (each, quote(each), quote(each, "")))}


# ── The story ───────────────────


def secret_in_mail(stack: Stack, address: str) -> str:
    """What the link in the mail that asks about this address ends in."""

    def found() -> list[str]:
        mails = [
            email.message_from_bytes(each.read_bytes(), policy=policy.default) for each in stack.mail.glob("*.eml")
        ]
        texts = [str(each.get_body(("plain",)).get_content()) for each in mails if each["To"] == address]
        return re.findall(r"/mail/address/([^/\s]+)", "\n".join(texts))

    return soon(found)[-1]


def tells_and_claims(who: Visitor, stack: Stack) -> None:
    robot = Robot(stack.url, seed=71)
    robot.agree(robot.take("pet", robot.telling(pet(PET, "31.7"))), "offers", "letters", "once")
    robot.agree(robot.take("skin", robot.telling(SENSITIVE)), "offers")
    shown = soon(lambda: (page := robot.get("/offers/")).offers and page)
    claimed = robot.send(shown.form_to("/claim/"))
    assert claimed.status == 200
    who.is_the_one_who(robot)
    who.goes_to(f"/q/rarities/?utm_campaign={CAMPAIGN}")
    who.page.locator("form button[type=submit]", has_text="Start").click()
    who.answers("wishes", WISH)
    who.answers("tally", NUMBER)
    who.allows("offers")
    who.goes_to("/preferences/")
    who.page.get_by_role("searchbox").fill(WISH)
    expect(who.page.locator("#announce")).to_contain_text("found")


def hears_from_us(who: Visitor, stack: Stack) -> str:
    """Gives another address for letters, confirms it, and gets one. Returns the link's secret."""
    who.goes_to("/preferences/mail/")
    who.page.locator("#switch-fresh").click()
    expect(who.page.locator("#switch-fresh")).to_have_attribute("aria-checked", "true")
    who.page.get_by_label("Your e-mail address").fill(LETTERS)
    who.page.get_by_role("button", name="Send a link to confirm it").click()
    expect(who.page.locator("main")).to_contain_text("waits to be confirmed")
    secret = secret_in_mail(stack, LETTERS)
    who.goes_to(f"/mail/address/{secret}/")
    who.page.get_by_role("button", name="Yes, write to me here").click()
    expect(who.heading).to_have_text("This address is confirmed")
    manage(stack, "send_letters", "--days", "705")
    return secret


def writes_to_us(stack: Stack, visitor: Callable[..., Visitor]) -> None:
    """Staff enter a letter of theirs, with what it says, and look at what is held."""
    said = manage(stack, "create_staff", "petra", "--group", "privacy", process="web")
    petra = visitor(width=1280)
    petra.enters_admin("petra", said.rsplit("Password: ", 1)[1].strip())
    page = petra.page
    petra.goes_to("/admin/preferences/privacyrequest/add/")
    page.get_by_label("Asks").select_option("access")
    page.get_by_label("Their e-mail address").fill(ACCOUNT)
    page.get_by_label("Who they are, and what they ask").fill(WROTE)
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_label("they answered from the account's address").check()
    page.get_by_role("button", name="It is them").click()
    page.get_by_role("button", name="Find their account").click()
    page.get_by_role("button", name="Look at what we hold").click()
    expect(page.get_by_role("heading", name="What we hold of this person")).to_be_visible()


def downloads(who: Visitor) -> str:
    answer = who.context.request.get(f"{who.base}/preferences/download/")
    assert answer.status == 200
    return ZipFile(io.BytesIO(answer.body())).read("data.json").decode()


def test_who_erased_everything_is_nowhere_any_more(
    visitor: Callable[..., Visitor], live_stack: Stack, rarities: None
) -> None:
    zebulon = visitor()
    tells_and_claims(zebulon, live_stack)
    sign_in(zebulon, live_stack, ACCOUNT)
    code = newest_code(live_stack, ACCOUNT, 0)
    secret = hears_from_us(zebulon, live_stack)
    writes_to_us(live_stack, visitor)
    taken_along = downloads(zebulon)
    assert said(taken_along, set(TOLD)) == set(TOLD)

    cookies = {each["name"]: each["value"] for each in zebulon.context.cookies()}
    device = token_hash(cookies["proffer"]).hex()
    with administrator(live_stack, "proffer") as database:
        row = database.execute(
            "SELECT customer_id FROM preferences_device WHERE token_hash = decode(%s, 'hex')", [device]
        ).fetchone()
    assert row
    assert row[0] > FIRST_ID
    kept_somewhere = {*TOLD, device, str(row[0]), cookies["sessionid"]}
    assert {marker for _, marker in tables_that_say(live_stack, kept_somewhere)} == kept_somewhere  # the search finds

    zebulon.goes_to("/preferences/")
    zebulon.page.get_by_role("link", name="Delete everything").click()
    zebulon.page.get_by_role("button", name="Delete everything").click()
    expect(zebulon.heading).to_have_text("Everything is deleted")
    receipt = zebulon.page.locator("article.receipt")
    expect(receipt).to_contain_text("You deleted everything")
    key = "".join(receipt.locator("dl.signed > div", has_text="Your key").locator("code").inner_text().split())
    name = receipt.locator("dl.signed > div", has_text="Your name in the ledger").locator("code").inner_text()
    zebulon.finds_no_barriers()

    manage(live_stack, "shell", "-c", "from config.tasks import purge_broker; purge_broker()")  # every ten minutes
    markers = {*kept_somewhere, cookies["proffer"], code, secret, key}
    assert tables_that_say(live_stack, markers) == set()
    assert files_that_say(live_stack, markers) == set()
    assert {place for place, _ in tables_that_say(live_stack, {name})} == {
        "proffer.preferences_consentevent",
        "proffer.preferences_erasure",
    }
