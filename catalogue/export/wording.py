"""The words that every format shares: verdicts, headings and labelled lines, not yet escaped for any."""

from __future__ import annotations

from collections.abc import Sequence

from catalogue import sentences
from catalogue.export.values import About, Evidence, ExportTable, Purchase, Row, Year
from catalogue.frameworks import load_frameworks
from catalogue.instants import instant
from catalogue.needs import pounds
from catalogue.profile import BARRIERS
from catalogue.project import By, Project, SavedSearch, kept_until
from catalogue.quality import Flag
from catalogue.replay import AMONG

VERDICTS = {verdict.value: words for verdict, words in sentences.VERDICTS.items()}
#: Verdicts that rest on nothing in the listing, and what is said of all such needs together.
_UNSAID = {"silent": "The listing does not say", "not-applicable": "Not asked in this lot"}
#: The label of the one line whose text may become a link.
PAGE = "Page"
_DASH = "–"

OVERVIEW = ("Rank", "Service", "Supplier", "Score", *(barrier.capitalize() for barrier in BARRIERS), "Price")


def title(table: ExportTable) -> str:
    """What the export is called."""
    return f"Shortlist: {table.about.project}"


def verdict_words(evidence: Evidence) -> str:
    """The verdict as people say it."""
    return VERDICTS[evidence.verdict]


def telling(row: Row) -> list[Evidence]:
    """The findings that cite something or count, in the order of the match."""
    return [item for item in row.evidence if item.quote is not None or item.verdict not in _UNSAID]


def unsaid_lines(row: Row) -> list[tuple[str, str]]:
    """The other findings, as a labelled text for each reason: there is nothing but the needs to say."""
    left = [item for item in row.evidence if item.quote is None]
    return [
        (label, "; ".join(needs))
        for verdict, label in _UNSAID.items()
        if (needs := [item.need for item in left if item.verdict == verdict])
    ]


def evidence_line(evidence: Evidence) -> str:
    """One finding as a sentence: what is needed, which way it points, and the words that say so."""
    line = f"{verdict_words(evidence)}: {evidence.need}: "
    line += evidence.because if evidence.quote is None else f"“{evidence.quote}”"
    if evidence.question is not None:
        line += f" ({evidence.question})"
    return line


def flag_line(flag: Flag) -> str:
    """What is odd about a listing, with the words that show it."""
    return f"{flag.sentence} “{flag.quote}”" if flag.quote else flag.sentence


def overview(row: Row) -> list[str]:
    """The texts under the headings of `OVERVIEW`; a dash where the match gave no number."""
    points = dict(row.points)
    numbers = [row.score, *(points.get(barrier) for barrier in BARRIERS)]
    return [
        _DASH if row.rank is None else str(row.rank),
        row.name,
        row.supplier,
        *(_DASH if number is None else f"{number:.1f}" for number in numbers),
        row.price or "not stated",
    ]


def overview_headings(purchase: Purchase) -> tuple[str, ...]:
    """The headings of the shortlist of a purchase on the record."""
    return ("Rank", "Service", "Supplier", total_label(purchase), "Match", "A year", "Price")


def ranked_overview(row: Row) -> list[str]:
    """The texts under `overview_headings`; a dash where there is no score."""
    return [
        _DASH if row.place is None else str(row.place),
        row.name,
        row.supplier,
        _DASH if row.total is None else f"{row.total:,}",
        _DASH if row.score is None else f"{row.score:.1f}",
        year_words(row.year),
        row.price or "not stated",
    ]


def total_label(purchase: Purchase) -> str:
    """What the criteria come to."""
    criteria = purchase.project.criteria
    by_price = criteria is not None and criteria.method == "lowest-price"
    return "Price scored (£)" if by_price else "Total of 100"


def year_words(year: Year | None) -> str:
    """A year's cost in few words."""
    if year is None or year.least is None:
        return "not known"
    if not year.comparable:
        return f"at least {pounds(year.least)}"
    return pounds(year.least) if year.most is None else f"{pounds(year.least)} to {pounds(year.most)}"


def service_lines(row: Row) -> list[tuple[str, str]]:
    """What is known of a service, as labelled texts; an empty note and the like are left out."""
    by_criteria = f"rank {row.place}, {row.total:,}" if row.total is not None else None
    lines: list[tuple[str, str | None]] = [
        ("By the criteria", by_criteria),
        ("Standing", row.standing),
        ("Supplier", row.supplier),
        ("Framework and lot", f"{row.framework}, {row.lot}"),
        ("Status", row.status),
        ("Price", row.price or "not stated"),
        ("A year", row.year.told if row.year else None),
        ("Service ID", row.service_id),
        (PAGE, row.url),
        ("Note", row.note),
        ("Marked", instant(row.marked)),
        ("Changed since marked", row.change),
        ("Odd in the listing", "\n".join(map(flag_line, row.flags))),
    ]
    return [(label, text) for label, text in lines if text]


def about_lines(about: About) -> list[tuple[str, str]]:
    """What the rows rest on, as labelled texts; what is not known is left out."""
    head = f"{about.head} (entry {about.entries})" if about.head else None
    lines: list[tuple[str, str | None]] = [
        ("Warning", about.fictional),
        ("Draft", about.draft),
        ("Project", about.project),
        ("Informal", about.informal),
        ("Record as of" if about.head else "Exported", instant(about.exported)),
        ("Locked", instant(about.locked) if about.locked else None),
        ("Catalogue date", instant(about.catalogue_newest) if about.catalogue_newest else None),
        ("Catalogue services", str(about.catalogue_services) if about.catalogue_services is not None else ""),
        ("Catalogue digest", about.catalogue_digest),
        ("Profile", about.profile_name),
        ("Profile digest", about.profile_digest),
        ("Requirements digest", about.requirements_digest),
        ("Records digest", about.records_digest),
        ("Ranking digest", about.ranking),
        ("Match", AMONG if about.head and about.rules else None),
        ("Audit trail digest", head),
        ("Rules version", about.rules),
        ("Weights", ", ".join(f"{barrier} {weight:g} %" for barrier, weight in about.weights)),
        ("Licence", about.attribution),
    ]
    return [(label, text) for label, text in lines if text]


def purchase_lines(purchase: Purchase) -> list[tuple[str, str]]:
    """Where a purchase stands, as labelled texts."""
    project = purchase.project
    frozen, criteria = project.frozen, project.criteria
    budget = pounds(frozen.budget) if frozen and frozen.budget is not None else None
    weights = ", ".join(f"{each.name} {each.weight:f}" for each in criteria.criteria) if criteria else ""
    until = kept_until(project)
    lines: list[tuple[str, str | None]] = [
        ("Organisation", project.profile.name if project.profile else None),
        ("Goal", purchase.goal),
        ("Budget a year", budget),
        ("Approval", frozen.approval if frozen else None),
        ("Requirements", f"{len(frozen.requirements)}, frozen {signed(frozen.by)}" if frozen else None),
        *(("Search", search_words(each)) for each in project.searches),
        ("Longlist", fates_words(project)),
        ("Criteria", f"{weights}; fixed {signed(criteria.by)}" if criteria else "not fixed yet"),
        ("Criteria changed because", criteria.because if criteria else None),
        ("Locked", signed(project.locked.by) if project.locked else "not yet"),
        ("Outcome", outcome_words(purchase)),
        ("Kept until", until.isoformat() if until else None),
        *(
            (f"Version {each.number}", f"begun {signed(each.by)}: {each.because}")
            for each in project.versions
        ),
    ]
    return [(label, text) for label, text in lines if text]


def fates_words(project: Project) -> str:
    """How many services were found, and what became of them."""
    count = {fate: len(project.of_fate(fate)) for fate in ("shortlisted", "rejected", "open")}
    told = (
        f"{len(project.longlist)}, of them {count['shortlisted']} shortlisted, {count['rejected']} rejected"
    )
    return told + (f", {count['open']} without a fate" if count["open"] else "")


def search_words(search: SavedSearch) -> str:
    """A search in a sentence: what was looked for where, how it was narrowed, and how much was found."""
    words = f"“{search.words}”" if search.words else "no words"
    filters = "".join(f", {each.kind} {each.value} ({each.requirement})" for each in search.filters)
    found = f"{search.found:,} found"
    if search.filters:
        found += f", {len(search.results):,} after filters"
    framework, lot = framework_and_lot(search)
    told = f"{words} in {framework}, {lot}{filters}: {found}; {signed(search.by)}"
    return f"{told}; {search.because}" if search.because else told


def framework_and_lot(search: SavedSearch) -> tuple[str, str]:
    """The names of both, or their slugs where the table does not know them."""
    known = load_frameworks().get(search.framework)
    lot = known.lot(search.lot) if known else None
    return known.name if known else search.framework, lot.name if lot else search.lot


def outcome_words(purchase: Purchase) -> str | None:
    """How the purchase ended, in a sentence."""
    outcome = purchase.project.outcome
    if outcome is None:
        return None
    told = {"awarded": "Awarded", "none-suitable": "None suitable", "cancelled": "Cancelled"}[outcome.kind]
    if outcome.award is not None:
        award = outcome.award
        told += (
            f" to {name_of(purchase, award.winner)} for {pounds(award.value)} without VAT, "
            f"{award.start} to {award.end}, signed {award.signed}, bought by {award.buyer}"
        )
    told += f"; recorded {signed(outcome.by)}"
    return f"{told}; {outcome.because}" if outcome.because else told


def name_of(purchase: Purchase, service_id: str) -> str:
    """The name of a service of the longlist with its id."""
    for each in purchase.dispositions:
        if each.row.service_id == service_id:
            return f"{each.row.name} ({service_id})"
    return service_id


def signed(by: By) -> str:
    """Who did something and when."""
    return f"by {by.actor or 'somebody not named'} on {by.time:%Y-%m-%d}"


def shortened(text: str, most: int) -> str:
    """At most so many characters of a text in one line, cut between words where there is a space."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    cut = line[: most - 1]
    head, space, _ = cut.rpartition(" ")
    return f"{(head if space and len(head) > most // 2 else cut).rstrip(' ,;:.')}…"


def listed(names: Sequence[str], most: int) -> str:
    """Names in a row, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
