"""Slack's rules for rich text (docs.slack.dev/reference/block-kit/blocks/rich-text-block)."""

from __future__ import annotations

from tests.e2e.slack.shapes import MANY, Rule, array, boolean, by_type, integer, one_of, string, thing

STYLE = thing({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline"), boolean))
MENTION_STYLE = thing(
    {}, dict.fromkeys(("bold", "italic", "strike", "highlight", "client_highlight", "unlink", "underline"), boolean)
)
BORDER: dict[str, Rule] = {"border": integer(0, 1)}


def _piece(name: str, required: dict[str, Rule], optional: dict[str, Rule]) -> tuple[str, Rule]:
    return name, thing({"type": one_of(name), **required}, optional)


PIECES: dict[str, Rule] = dict(
    [
        _piece("text", {"text": string()}, {"style": STYLE}),
        _piece("link", {"url": string()}, {"text": string(), "unsafe": boolean, "style": STYLE}),
        _piece("emoji", {"name": string()}, {"unicode": string(), "url": string(), "style": STYLE}),
        _piece("user", {"user_id": string()}, {"style": MENTION_STYLE}),
        _piece("usergroup", {"usergroup_id": string()}, {"style": MENTION_STYLE}),
        _piece("channel", {"channel_id": string()}, {"style": MENTION_STYLE}),
        _piece("team", {"team_id": string()}, {"style": MENTION_STYLE}),
        _piece("broadcast", {"range": one_of("here", "channel", "everyone")}, {"style": MENTION_STYLE}),
        _piece("color", {"value": string()}, {"style": STYLE}),
        _piece(
            "date",
            {"timestamp": integer(0, 10**11), "format": string()},
            {"url": string(), "fallback": string(), "style": STYLE},
        ),
    ]
)
piece = by_type(PIECES, "rich text")
written = by_type({name: PIECES[name] for name in ("text", "link")}, "preformatted text")
section = thing({"type": one_of("rich_text_section"), "elements": array(piece, MANY)})
PARTS: dict[str, Rule] = {
    "rich_text_section": section,
    "rich_text_list": thing(
        {
            "type": one_of("rich_text_list"),
            "style": one_of("bullet", "ordered"),
            "elements": array(by_type({"rich_text_section": section}, "a list's item"), MANY),
        },
        BORDER | {"indent": integer(0, 8), "offset": integer(0, MANY)},
    ),
    "rich_text_preformatted": thing(
        {"type": one_of("rich_text_preformatted"), "elements": array(written, MANY)},
        BORDER | {"language": string()},
    ),
    "rich_text_quote": thing({"type": one_of("rich_text_quote"), "elements": array(piece, MANY)}, BORDER),
}
rich_text = thing(
    {"type": one_of("rich_text"), "elements": array(by_type(PARTS, "a part of rich text"), MANY)},
    {"block_id": string(255)},
)
