"""The structure of a PDF, for those who hear it: what is a heading, a list, a table; not how it looks.

A tag is opened and closed around what is drawn; at the end the tags hang in the document as one tree, in reading order.
reportlab has no such thing itself, but lets one write both: the marks into a page, and the tree into the catalogue.
That far inside it has no types, so a canvas and its document are `Any` here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from reportlab.pdfbase.pdfdoc import (
    PDFArray,
    PDFDictionary,
    PDFName,
    PDFObjectReference,
)

Path = tuple[tuple[str, str], ...]  # from the document down: the kind of each element, and a key that tells it apart


@dataclass(slots=True)
class Node:
    """An element: `kids` are elements, or marked pieces of a page as (page, number)."""

    kind: str
    key: str
    kids: list[Node | tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class Tags:
    """What has been marked while one document was drawn."""

    root: Node = field(default_factory=lambda: Node("Document", ""))
    owners: list[list[Node]] = field(default_factory=list)  # of each page, the element that owns each marked piece

    @contextmanager
    def marked(self, canvas: Any, path: Path) -> Iterator[None]:
        """Mark what is drawn meanwhile as (a piece of) the element at a path."""
        page = canvas.getPageNumber() - 1
        while len(self.owners) <= page:
            self.owners.append([])
        node = self._at(path)
        number = len(self.owners[page])
        self.owners[page].append(node)
        node.kids.append((page, number))
        with _between(canvas, f"/{node.kind} <</MCID {number}>> BDC"):
            yield

    def has(self, path: Path) -> bool:
        """Say whether something has been marked as this element."""
        here = self.root
        for kind, key in path:
            found = next(
                (kid for kid in here.kids if isinstance(kid, Node) and (kid.kind, kid.key) == (kind, key)), None
            )
            if found is None:
                return False
            here = found
        return True

    def _at(self, path: Path) -> Node:
        here = self.root
        for kind, key in path:
            last = next((kid for kid in reversed(here.kids) if isinstance(kid, Node)), None)
            if last is None or (last.kind, last.key) != (kind, key):
                last = Node(kind, key)
                here.kids.append(last)
            here = last
        return here

    def attach(self, canvas: Any) -> None:
        """Hang the structure into the canvas' document, all of whose pages have been drawn."""
        document = canvas._doc  # noqa: SLF001 - the one way that reportlab leaves open
        tree = _Tree(document)
        top = tree.hang(self.root, PDFObjectReference("tags"))
        numbers: list[object] = []
        for page, owners in enumerate(self.owners):
            numbers += [page, PDFArray([tree.names[id(node)] for node in owners])]
        parents = document.Reference(PDFDictionary({"Nums": PDFArray(numbers)}), "tag.parents")
        root = PDFDictionary({"Type": PDFName("StructTreeRoot"), "K": top, "ParentTree": parents})
        document.Catalog.StructTreeRoot = document.Reference(root, "tags")
        document.Catalog.MarkInfo = PDFDictionary({"Marked": "true"})
        for number, page in enumerate(document.Pages.pages):
            page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
            page.StructParents, page.Tabs = number, PDFName("S")


@contextmanager
def decoration(canvas: Any) -> Iterator[None]:
    """Mark what is drawn meanwhile as nothing that is read: lines, areas, what is repeated on each page."""
    with _between(canvas, "/Artifact BMC"):
        yield


@contextmanager
def _between(canvas: Any, opening: str) -> Iterator[None]:
    canvas._code.append(opening)  # noqa: SLF001 - as above
    yield
    canvas._code.append("EMC")  # noqa: SLF001 - as above


class _Tree:
    """Elements as objects of a document; `names` are their references."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self.names: dict[int, PDFObjectReference] = {}

    def hang(self, node: Node, parent: PDFObjectReference) -> PDFObjectReference:
        own = PDFObjectReference(f"tag{len(self.names)}")
        self.names[id(node)] = own
        kids = [self.hang(kid, own) if isinstance(kid, Node) else _piece(*kid) for kid in node.kids]
        held = {"Type": PDFName("StructElem"), "S": PDFName(node.kind), "P": parent, "K": PDFArray(kids)}
        if node.kind == "TH":
            held["A"] = PDFDictionary({"O": PDFName("Table"), "Scope": PDFName("Column")})
        self._document.Reference(PDFDictionary(held), own.name)
        return own


def _piece(page: int, number: int) -> PDFDictionary:
    where = PDFObjectReference(f"Page{page + 1}")
    return PDFDictionary({"Type": PDFName("MCR"), "Pg": where, "MCID": number})
