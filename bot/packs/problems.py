"""What is wrong with a pack, said with the place where it stands."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Problem:
    """One mistake in one file. ``line`` and ``column`` count from 1; 0 means the file as a whole.

    ``rule`` names what it breaks (`bot.packs.rules`); a ``warning`` does not keep the pack from being used. ``example``
    is how the field may be written, where that is known.
    """

    file: str
    line: int = 0
    column: int = 0
    field: str = ""
    found: str = ""
    expected: str = ""
    hint: str = ""
    rule: str = "shape"
    warning: bool = False
    example: str = ""

    @property
    def where(self) -> str:
        """The place as editors and terminals link it: ``file:line:column``."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file

    @property
    def says(self) -> str:
        """What was found and what was expected, without the place."""
        said = "; ".join(
            part
            for part in (
                f"found {self.found}" if self.found else "",
                f"expected {self.expected}" if self.expected else "",
            )
            if part
        )
        return (f"{self.field}: " if self.field else "") + said + (f" ({self.hint})" if self.hint else "")

    def __str__(self) -> str:
        return f"{self.where}: {self.says}"


class PackError(Exception):
    """A pack that cannot be used. ``problems`` lists every mistake, in the order of the files."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        count = len(self.problems)
        head = f"This policy pack has {count} problem{'s' if count != 1 else ''}; nothing was changed."
        super().__init__("\n".join([head, *(f"  {problem}" for problem in self.problems)]))
