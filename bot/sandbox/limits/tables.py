"""Tables and charts."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.sandbox.blocks import objects
from bot.sandbox.limits.objects import exactly, name
from bot.sandbox.limits.rich_text import rich_text
from bot.sandbox.limits.rules import (
    Rule,
    anything,
    by_type,
    each,
    flag,
    integer,
    one_of,
    shape,
    string,
    wrong,
)

MOST_CHARACTERS = 20_000
COLUMNS = 20

CELLS: Mapping[str, Rule] = {
    "raw_text": shape({"type": exactly("raw_text"), "text": string(MOST_CHARACTERS)}),
    "raw_number": shape({"type": exactly("raw_number"), "value": anything}, {"text": string(255)}),
    "rich_text": rich_text,
}
_cell = by_type(CELLS)
_settings = shape({}, {"align": one_of("left", "center", "right"), "is_wrapped": flag})


def _rows(table: dict[str, Any]) -> list[list[Any]]:
    rows = table.get("rows")
    return [row for row in rows if isinstance(row, list)] if isinstance(rows, list) else []


def _even_rows(value: Any, pointer: str) -> Iterator[str]:
    rows = _rows(value)
    for index, row in enumerate(rows):
        if len(row) != len(rows[0]):
            yield wrong("every row must have as many cells as the first", f"{pointer}/rows/{index}")


def _plain_header(value: Any, pointer: str) -> Iterator[str]:
    for cell in objects(_rows(value)[0]) if _rows(value) else ():
        if cell.get("type") == "rich_text":
            yield wrong("rich_text is not allowed in the header", f"{pointer}/rows/0")


def _not_too_much(value: Any, pointer: str) -> Iterator[str]:
    cells = [cell for row in _rows(value) for cell in objects(row)]
    total = sum(len(str(cell.get("text", ""))) for cell in cells)
    if total > MOST_CHARACTERS:
        yield wrong(f"no more than {MOST_CHARACTERS} characters in all cells together", f"{pointer}/rows")


TABLE: Rule = shape(
    {"type": exactly("table"), "rows": each(each(_cell, least=1, most=COLUMNS), least=1, most=100)},
    {"block_id": name, "column_settings": each(_settings, most=COLUMNS)},
)
DATA_TABLE: Rule = shape(
    {
        "type": exactly("data_table"),
        "caption": string(3_000),
        "rows": each(each(_cell, least=1, most=COLUMNS), least=2, most=201),
    },
    {
        "block_id": name,
        "page_size": integer(1, 100),
        "row_header_column_index": integer(0, COLUMNS - 1),
    },
    _even_rows,
    _plain_header,
    _not_too_much,
)

_label = string(20, least=1)
_point = shape({"label": _label, "value": anything})
_segment = shape({"label": _label, "value": anything})
_axes = shape({"categories": each(_label, least=1, most=20)}, {"x_label": string(50), "y_label": string(50)})
_series = each(shape({"name": _label, "data": each(_point, least=1, most=20)}), least=1, most=12)
CHARTS: Mapping[str, Rule] = {
    "pie": shape({"type": exactly("pie"), "segments": each(_segment, least=1, most=12)}),
    **{
        kind: shape({"type": exactly(kind), "series": _series, "axis_config": _axes})
        for kind in ("bar", "line", "area")
    },
}
DATA_VISUALIZATION: Rule = shape(
    {"type": exactly("data_visualization"), "title": string(50, least=1), "chart": by_type(CHARTS)},
    {"block_id": name},
)
