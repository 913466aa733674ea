"""The closed vocabulary of what a person is shown, within limits that all platforms share; not how it looks anywhere.

Every string here is plain text in one language: a renderer shows it literally and never lets it mention, link or
format. A card stands on one of two surfaces. A *message* stays in the chat, so it holds nothing personal and no
field. A *dialog* is gone when it is answered: fields and everything sensitive belong there. What is *private* is for
a dialog that no chat keeps, not even for a while.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from flows import limits
from flows.drawing import Drawing
from flows.limits import within


class Style(StrEnum):
    PRIMARY = "primary"
    PLAIN = "plain"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press; `action` is the word the flow knows it by, `reference` an opaque id, never a content."""

    action: str
    label: str
    reference: str = ""
    style: Style = Style.PLAIN

    def __post_init__(self) -> None:
        within(limits.MAX_BUTTON_LABEL, self.label, "a button's label")
        within(limits.MAX_REFERENCE, self.reference, "a button's reference")


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str

    def __post_init__(self) -> None:
        within(limits.MAX_TEXT, self.text, "a paragraph")


@dataclass(frozen=True, slots=True)
class Heading:
    """Begins a part of a card; a screen reader can jump to it."""

    text: str

    def __post_init__(self) -> None:
        within(limits.MAX_TITLE, self.text, "a heading")


@dataclass(frozen=True, slots=True)
class Caution:
    """What must not be overlooked: safety, or a limit of the law. `label` says which, in words."""

    text: str
    label: str

    def __post_init__(self) -> None:
        within(limits.MAX_TEXT, self.text, "a caution")
        within(limits.MAX_LABEL, self.label, "a caution's label")


@dataclass(frozen=True, slots=True)
class Facts:
    """Rows of a name and a value, in order.

    What is private stands `behind` a button in a chat that would keep it: that opens the same outside the chat.
    """

    rows: tuple[tuple[str, str], ...]
    behind: Button | None = None

    def __post_init__(self) -> None:
        within(limits.MAX_FACTS, len(self.rows), "a fact list")
        for label, value in self.rows:
            within(limits.MAX_LABEL, label, "a fact's label")
            within(limits.MAX_TEXT, value, "a fact's value")


class Mark(StrEnum):
    """How far a step has come; renderers say it in words or a sign with a text alternative."""

    OPEN = "open"
    DONE = "done"
    QUESTION = "question"
    ENDED = "ended"
    NONE = "none"  # an entry of a list, nothing that is done


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, or one entry of a list: the sentence, a `note` where it comes from, how far it has come."""

    text: str
    note: str = ""
    mark: Mark = Mark.OPEN
    mark_text: str = ""  # the mark in words: «Gjort», «Må avklares»
    button: Button | None = None

    def __post_init__(self) -> None:
        within(limits.MAX_TEXT, self.text, "a step")
        within(limits.MAX_LABEL * 2, self.note, "a step's note")
        within(limits.MAX_LABEL, self.mark_text, "a step's mark")


_THIS_MACHINE = ("http://127.0.0.1:", "http://localhost:", "http://[::1]:")  # where a demo stands


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str

    def __post_init__(self) -> None:
        within(limits.MAX_LABEL, self.label, "a link's label")
        if not self.url.startswith(("https://", "tel:", *_THIS_MACHINE)):
            raise ValueError("a link leads to https, to a phone number, or nowhere but to this machine")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture; `text` says the same to somebody who can't see it, or whose chat can't show it.

    `url` is where it can be fetched, for a chat that takes no picture any other way; empty where it is nowhere.
    """

    drawing: Drawing
    text: str
    url: str = ""

    def __post_init__(self) -> None:
        within(limits.MAX_ALTERNATIVE, self.text, "a picture's text")


@dataclass(frozen=True, slots=True)
class Appointment:
    """Something to put into one's own calendar, under `label`; instants are aware UTC.

    `title` and `text` are what stands there, for everybody to see who sees the calendar: nothing personal.
    `is_all_day`: the day at the school counts, not the hour. `sequence` grows each time that it is changed.
    """

    label: str
    uid: str
    title: str
    text: str
    starts_at: datetime
    duration: timedelta
    stamped_at: datetime
    is_all_day: bool = False
    sequence: int = 0

    def __post_init__(self) -> None:
        within(limits.MAX_BUTTON_LABEL, self.label, "an appointment's label")
        within(limits.MAX_TITLE, self.title, "an appointment's title")
        within(limits.MAX_TEXT, self.text, "an appointment's text")


Block = Paragraph | Heading | Caution | Facts | Step | Link | Picture | Appointment


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    note: str = ""

    def __post_init__(self) -> None:
        within(limits.MAX_OPTION_LABEL, self.label, "an option's label")
        within(limits.MAX_OPTION_LABEL, self.note, "an option's note")
        within(limits.MAX_REFERENCE, self.value, "an option's value")


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """One of the options, or `several`.

    `searches` names the list that one types to find something in, see `screens/lists.py`; empty for a few options.
    """

    name: str
    label: str
    options: tuple[Option, ...]
    value: tuple[str, ...] = ()
    several: bool = False
    required: bool = True
    searches: str = ""
    hint: str = ""

    def __post_init__(self) -> None:
        within(limits.MAX_LABEL, self.label, "a field's label")
        within(limits.MAX_LABEL, self.hint, "a field's hint")
        if not self.options:
            raise ValueError(f"the field {self.name} has nothing to choose from")
        if not self.searches:
            within(limits.MAX_OPTIONS, len(self.options), f"the list of options of {self.name}")
        known = {option.value for option in self.options}
        if len(known) != len(self.options) or not set(self.value) <= known:
            raise ValueError(f"the field {self.name} has the same option twice, or a value outside its options")


@dataclass(frozen=True, slots=True)
class TextField:
    """Words that a person types; `max_length` in characters."""

    name: str
    label: str
    max_length: int = 300
    value: str = ""
    required: bool = True
    lines: int = 1
    hint: str = ""

    def __post_init__(self) -> None:
        within(limits.MAX_LABEL, self.label, "a field's label")
        within(limits.MAX_LABEL, self.hint, "a field's hint")
        within(limits.MAX_TEXT, self.max_length, "a text field")


@dataclass(frozen=True, slots=True)
class DateField:
    """A day, handed in as YYYY-MM-DD."""

    name: str
    label: str
    value: str = ""
    required: bool = True
    hint: str = ""


@dataclass(frozen=True, slots=True)
class TimeField:
    """A time of day in Europe/Oslo, handed in as HH:MM."""

    name: str
    label: str
    value: str = ""
    required: bool = True
    hint: str = ""


Field = ChoiceField | TextField | DateField | TimeField


class Surface(StrEnum):
    MESSAGE = "message"
    DIALOG = "dialog"


@dataclass(frozen=True, slots=True)
class Card:
    """A message or a dialog.

    `summary` is what a lock screen may show of a message: neutral, no kind of incident, no name of a pupil.
    A dialog ends with its fields and `submit`; its `buttons` stand beside that and don't hand the fields in.
    `is_neutral`: it shows nothing of what a case is about, so it may stand in a chat that nobody takes it out of again.
    """

    surface: Surface
    title: str
    blocks: tuple[Block, ...] = ()
    buttons: tuple[Button, ...] = ()
    summary: str = ""
    fields: tuple[Field, ...] = ()
    submit: Button | None = None
    is_private: bool = False
    is_neutral: bool = False

    def __post_init__(self) -> None:
        within(limits.MAX_BLOCKS, len(self.blocks), "a card's list of blocks")
        within(limits.MAX_BUTTONS, len(self.buttons), "a card's list of buttons")
        within(limits.MAX_FIELDS, len(self.fields), "a card's list of fields")
        if self.surface is Surface.MESSAGE:
            self._check_message()
        else:
            self._check_dialog()

    def _check_message(self) -> None:
        within(limits.MAX_TITLE, self.title, "a message's title")
        within(limits.MAX_TITLE, self.summary, "a summary")
        if self.fields or self.submit:
            raise ValueError("what is typed belongs in a dialog, never in a message")
        if self.is_private or any(isinstance(each, Facts) and each.behind for each in self.blocks):
            raise ValueError("what is private belongs in a dialog, never in a message")
        if not self.summary:
            raise ValueError("a message needs a summary for notifications and screen readers")

    def _check_dialog(self) -> None:
        within(limits.MAX_DIALOG_TITLE, self.title, "a dialog's title")
        if self.submit:
            within(limits.MAX_SUBMIT_LABEL, self.submit.label, "a dialog's submit label")
        if self.fields and not self.submit:
            raise ValueError("a dialog with fields needs a way to hand them in")


def message(title: str, blocks: Sequence[Block | None] = (), buttons: Sequence[Button] = (), *, summary: str) -> Card:
    """Build a message; blocks that are None are left out."""
    return Card(Surface.MESSAGE, title, tuple(b for b in blocks if b), tuple(buttons), summary)


def dialog(
    title: str,
    blocks: Sequence[Block | None] = (),
    fields: Sequence[Field] = (),
    submit: Button | None = None,
    buttons: Sequence[Button] = (),
) -> Card:
    """Build a dialog; blocks that are None are left out."""
    kept = tuple(b for b in blocks if b)
    return Card(Surface.DIALOG, title, kept, tuple(buttons), fields=tuple(fields), submit=submit)


def plain_text(card: Card) -> str:
    """Return the card in words alone, one block a line: for screen readers, notifications and e-mail."""
    return "\n".join([card.title, *(line for block in card.blocks for line in _lines(block))])


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Facts(rows):
            yield from (f"{label}{'' if label.endswith('?') else ':'} {value}" for label, value in rows)
        case Caution(text, label):
            yield f"{label}: {text}"
        case Step(text, note, _, mark_text, _):
            yield " ".join(filter(None, (f"[{mark_text}]" if mark_text else "-", text, f"({note})" if note else "")))
        case Link(label, url):
            yield f"{label}: {url}"
        case Paragraph(text) | Heading(text):
            yield text
        case Picture(_, text):
            yield text
        case Appointment(label, _, title):
            yield f"{label}: {title}"
