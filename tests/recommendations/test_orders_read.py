"""Reading files of orders: what shops and spreadsheets write, and what goes wrong in it, line by line."""

import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from recommendations.orders.lines import MOST_LETTERS, BadLine, OrderLine, UnreadableFile, read_orders

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HEADER = "order id,customer,product slug,bought_at,quantity\n"
GOOD = "A-1,ada@example.org,coat,2026-11-01,1\n"


def read(content: str | bytes) -> list[OrderLine | BadLine]:
    raw = content.encode() if isinstance(content, str) else content
    return list(read_orders(io.BytesIO(raw), now=NOW, zone=ZoneInfo("Asia/Jakarta")))


def kinds(content: str | bytes) -> list[str]:
    """ "ok", or the line and what is wrong with it."""
    return ["ok" if isinstance(each, OrderLine) else f"{each.line} {each.column}" for each in read(content)]


@pytest.mark.parametrize(
    "content",
    [
        HEADER + GOOD,
        (HEADER + GOOD).replace(",", ";"),
        (HEADER + GOOD).replace(",", "\t"),
        (HEADER + GOOD).replace("\n", "\r\n"),
        (HEADER + GOOD).encode("utf-8-sig"),
        (HEADER + GOOD).replace(",", "\t").encode("utf-16"),
        HEADER.replace("order id", "Order_ID").replace("bought_at", "Bought at").upper() + GOOD,
        'quantity,bought_at,"product slug",customer,name,order id\n1,2026-11-01,coat,"ada@example.org","A, B",A-1\n',
        HEADER.replace(",quantity", "") + "A-1,ada@example.org,coat,2026-11-01\n",
        HEADER + "\n" + GOOD.strip(),
    ],
    ids=["comma", "semicolon", "tab", "Windows", "BOM", "UTF-16", "names", "order", "no quantity", "empty line"],
)
def test_tables_as_shops_and_spreadsheets_write_them(content: str | bytes) -> None:
    (line,) = read(content)
    assert isinstance(line, OrderLine)
    assert (line.order_id, line.customer, line.product) == ("A-1", "ada@example.org", "coat")
    assert line.bought_at == datetime(2026, 10, 31, 17, tzinfo=UTC)  # midnight in Jakarta


@pytest.mark.parametrize(
    ("change", "column"),
    [
        (("A-1", ""), "order id"),
        (("A-1", "x" * 201), "order id"),
        (("ada@example.org", "ada"), "customer"),
        (("ada@example.org", "Ada <ada@example.org>"), "customer"),
        (("coat", "=HYPERLINK(1)"), "product slug"),
        (("coat", "warm coat"), "product slug"),
        (("coat", "'; DROP TABLE--"), "product slug"),
        (("2026-11-01", "01/11/2026"), "bought_at"),
        (("2026-11-01", "2026-12-24"), "bought_at"),
        (("2026-11-01", "2026-02-30"), "bought_at"),
        (("2026-11-01", "0001-01-01"), "bought_at"),
        (("2026-11-01,1", "2026-11-01,0"), "quantity"),
        (("2026-11-01,1", "2026-11-01,-1"), "quantity"),
        (("2026-11-01,1", "2026-11-01,1.5"), "quantity"),
        (("A-1", "A\0"), "order id"),
        (("A-1,ada@example.org,coat", "A-1"), ""),
    ],
)
def test_a_malformed_line_names_its_column_and_the_next_is_read(change: tuple[str, str], column: str) -> None:
    assert kinds(HEADER + GOOD.replace(*change) + GOOD) == [f"2 {column}", "ok"]


def test_a_wrong_encoding_costs_its_own_lines() -> None:
    latin = (HEADER + "Ñ-1" + GOOD[3:] + GOOD).encode("latin-1")
    assert kinds(latin) == ["2 order id", "ok"]


def test_a_quote_left_open_costs_the_lines_it_swallows() -> None:
    content = HEADER + '"' + GOOD + GOOD * (MOST_LETTERS // len(GOOD) + 20)
    found = kinds(content)
    assert found[0] == "2 "
    assert found[-1] == "ok"
    assert 10 < found.count("ok") <= 20


def test_a_line_without_end_is_one_bad_line() -> None:
    assert kinds(HEADER + GOOD[:-1] + "x" * 1_000_000 + "\n" + GOOD) == ["2 ", "ok"]
    assert kinds(HEADER + GOOD + "y" * 1_000_000) == ["ok", "3 "]


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    content = HEADER + GOOD + "\n" + '"A\n1"' + GOOD[3:] + GOOD + "broken\n"
    assert kinds(content) == ["ok", "4 order id", "ok", "7 "]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "empty"),
        ("\n\n", "empty"),
        ("a,b,c\n1,2,3\n", "missing: order id, customer, product slug, bought_at"),
        ("order id,customer\n", "missing: product slug, bought_at"),
        ("order,customer,product,date,order id\n", "Two columns"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "missing"),
        (b"PK\x03\x04" + bytes(range(256)), "missing"),
    ],
)
def test_what_is_no_table_of_orders_is_refused_at_once(content: str | bytes, says: str) -> None:
    with pytest.raises(UnreadableFile, match=says):
        read(content)
