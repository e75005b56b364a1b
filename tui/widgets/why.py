"""Why a service was found: the words looked for, where they stand in its listing, and the field's name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from textual.content import Content

from catalogue.records import ServiceRecord
from catalogue.scan import sentence_spans
from catalogue.text import words
from tui.widgets.highlight import EVERYDAY, MARK, Run, Sought, stem
from tui.widgets.plain import one_line, paragraph, shown
from tui.widgets.prose import Block, Part, titled

#: Passages shown, at most.
_MOST = 5
#: Characters of a passage shown around the first word that was looked for.
_AROUND = 150


class _Passage(NamedTuple):
    """A piece of one field with what was looked for in it."""

    field: str
    text: str
    runs: frozenset[Run]


def reasons_of(record: ServiceRecord, sought: Sought) -> list[Part]:
    """The passages that have what was looked for, each word once; nothing where nothing was."""
    if not sought.runs:
        return []
    chosen = _chosen([passage for passage in _passages(record, sought) if passage.runs])
    parts: list[Part] = [titled("Why it was found")]
    for passage in chosen:
        parts.append(paragraph(passage.field, "$muted"))
        parts.append(Block(_marked(passage.text, sought), Content("  ")))
    seen = frozenset().union(*(passage.runs for passage in chosen))
    parts += [paragraph(told, "$text-warning") for told in _told(sought, seen)]
    return parts if len(parts) > 1 else []


def _chosen(passages: list[_Passage]) -> list[_Passage]:
    """Few passages that together have all of it: each adds what those before it lack."""
    chosen: list[_Passage] = []
    lacking = frozenset().union(*(passage.runs for passage in passages))
    while lacking and len(chosen) < _MOST:
        best = max(passages, key=lambda passage: len(passage.runs & lacking))
        chosen.append(best)
        lacking -= best.runs
    return sorted(chosen, key=passages.index)


def _told(sought: Sought, seen: frozenset[Run]) -> Iterator[str]:
    """What was read as something else, stands here under another name, or does not stand here."""
    for typed, meant in sought.assumed:
        if (stem(meant),) in seen:
            yield f"“{one_line(typed)}” was read as “{one_line(meant)}”"
    read_as = dict(sought.assumed)
    missing = []
    for word in dict.fromkeys(words(sought.text)):
        if word in EVERYDAY:
            continue
        run = (stem(read_as.get(word, word)),)
        if any(run[0] in other for other in seen):
            continue
        names = [name for typed, others in sought.others if word in words(typed) for name in others]
        here = [name for name in names if tuple(stem(part) for part in words(name)) in seen]
        if here:
            yield f"“{word}” stands here as “{one_line(here[0])}”"
        else:
            missing.append(read_as.get(word, word))
    if missing:
        yield f"Not in this listing: {', '.join(one_line(word) for word in missing)}"


def _passages(record: ServiceRecord, sought: Sought) -> Iterator[_Passage]:
    """Every passage of a listing, field by field, in the order in which a reader trusts them."""
    fields: list[tuple[str, tuple[str, ...]]] = [
        ("In its name", (record.name,)),
        ("In its description", _sentences(record.description or "")),
        ("In its features", tuple(record.features or ())),
        ("In its benefits", tuple(record.benefits or ())),
        ("In its supplier's name", (record.supplier.name,)),
        ("In its categories", tuple(" › ".join(path) for path in record.categories or ())),
    ]
    for section in record.sections or ():
        for answer in section.answers:
            texts = tuple(text for value in answer.values for text in _sentences(value))
            fields.append((f"In its answer to “{one_line(answer.question)}”", texts))
    for field, texts in fields:
        for text in texts:
            yield _Passage(field, text, sought.runs_in(text))


def _sentences(text: str) -> tuple[str, ...]:
    return tuple(text[start:end] for start, end in sentence_spans(text))


def _marked(text: str, sought: Sought) -> Content:
    """A passage with what was looked for marked; a long one is cut around the first of it."""
    plain = one_line(shown(text))
    spans = sought.spans(plain)
    start = max(0, spans[0][0] - _AROUND // 3) if spans and len(plain) > _AROUND else 0
    start = plain.rfind(" ", 0, start + 1) + 1 if start else 0
    end = len(plain) if len(plain) <= start + _AROUND else plain.rfind(" ", start, start + _AROUND)
    end = end if end > start else len(plain)
    content = Content(plain)
    for first, last in spans:
        content = content.stylize(MARK, first, last)
    cut = content[start:end]
    return Content.assemble("…" if start else "", cut, "…" if end < len(plain) else "")
