"""What to check before relying on a listing: what is odd about it, and who else sells the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.content import Content

from catalogue.model import Service
from catalogue.quality import Flag, load_checks
from tui.widgets.plain import counted, one_line, paragraph
from tui.widgets.prose import Block, Part, bullet, titled

#: What each kind of flag is called.
_KINDS = {
    "contradiction": "Contradiction",
    "price": "Price",
    "word-list": "List of words",
    "repeated-word": "Repeated word",
    "vague-answer": "Vague answer",
    "thin": "Says little",
    "unknown": "Not known",
}
#: The same within a sentence.
_ODD = {
    "contradiction": "it contradicts itself",
    "price": "its price is odd",
    "word-list": "it lists words",
    "repeated-word": "it repeats words",
    "vague-answer": "it answers vaguely",
    "thin": "it says little",
    "unknown": "it leaves answers unknown",
}


def care_sentence(flags: Sequence[Flag]) -> str:
    """Why a listing is to be read with care, in a sentence; what shows it is told below that."""
    *rest, last = dict.fromkeys(_ODD[flag.kind] for flag in flags)
    odd = f"{', '.join(rest)} and {last}" if rest else last
    return f"{odd[0].upper()}{odd[1:]}: {counted(len(flags), 'flag')} below."


def checks_of(flags: Sequence[Flag], sellers: Sequence[Service]) -> list[Part]:
    """Flags with their reasons, then other sellers; both say so where there are none."""
    parts: list[Part] = [titled("How the listing is written")]
    parts += flag_parts(flags) or [paragraph("Nothing odd was found.", "$muted")]
    parts += ["", titled("Same product from other sellers")]
    if not sellers:
        return [*parts, paragraph("None was found in the catalogue.", "$muted")]
    parts.append(paragraph(f"{counted(len(sellers), 'other listing')} in nearly the same words", "$muted"))
    for service in sellers:
        record = service.record
        price = one_line(record.price or "") or "price not stated"
        parts.append(bullet(paragraph(f"{one_line(record.supplier.name)}: {one_line(record.name)}")))
        parts.append(Block(paragraph(f"{price} · {record.id}", "$muted"), Content("  ")))
    return parts


def flag_parts(flags: Iterable[Flag]) -> list[Part]:
    """Each flag with its quote and why it is worth a look; the reason of a kind is told once."""
    parts: list[Part] = []
    told: set[str] = set()
    for flag in flags:
        kind = Content.styled(f"{_KINDS[flag.kind]}: ", "bold $text-warning")
        parts.append(Block(Content.assemble(kind, paragraph(one_line(flag.sentence))), Content("! ")))
        if flag.quote:
            quote = Content.assemble("“", paragraph(one_line(flag.quote), "italic"), "”")
            cited = paragraph(f" · {one_line(flag.question)}" if flag.question else "", "$muted")
            parts.append(Block(Content.assemble(quote, cited), Content("  ")))
        if flag.kind not in told:
            told.add(flag.kind)
            reason = load_checks().reasons[flag.kind]
            parts.append(Block(paragraph(one_line(reason), "$muted"), Content("  ")))
    return parts
