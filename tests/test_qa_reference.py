from __future__ import annotations

from qa.cli import qa
from qa.commands.reference import PAGE, page


def test_the_reference_is_what_the_commands_say_of_themselves() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "written anew by: python -m qa.commands.reference"


def test_the_reference_has_every_command_and_fits_the_page() -> None:
    assert [line for line in page().splitlines() if line.startswith("## ")] == [
        "## qa",
        *(f"## qa {name}" for name in sorted(qa.commands)),
    ]
    assert max(map(len, page().splitlines())) <= 120
