"""Saving a search into the open project: everything that it finds is the longlist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from catalogue.agreements import standing_of
from catalogue.errors import LonglistError, UsageError
from catalogue.model import FacetCount, SearchQuery
from catalogue.project import How, Project, next_step, requirements_of
from catalogue.records import ServiceRecord
from db.agreements import agreement_dates
from db.catalogue import Catalogue
from db.projects import ProjectStore
from db.purchase import Narrowing, save_search
from db.reading import summary
from db.search import search
from tui.screens.acting import form
from tui.screens.ask import AskScreen
from tui.screens.base import LonglistScreen
from tui.screens.form import Entry, Values
from tui.screens.project_forms import requirement_choices
from tui.widgets.names import short_lot
from tui.widgets.plain import one_line

_HOWS: tuple[tuple[How, str], ...] = (
    ("instead", "In place of the search that is saved"),
    ("beside", "Beside it; the record says that two are mixed"),
)


def save_into_project(screen: LonglistScreen, query: SearchQuery) -> None:
    """Save what is searched for as the search of the open project, as far as it has come to that."""
    project = screen.longlist.session.project
    if project is None or project.frozen is None:
        _requirements_first(screen, project)
        return
    if (
        replace(query, text="", lots=(), frameworks=(), suppliers=(), categories=(), answers=())
        != SearchQuery()
    ):
        screen.longlist.tell(
            UsageError(
                "Only answers, one category and one supplier can narrow a search that goes on record. Remove "
                "the other filters, and decide by them service by service."
            )
        )
        return
    screen.run_worker(_ask(screen, query, project), exclusive=True, group="save-search")


def titled(project: Project | None) -> str:
    """What stands over the search: which key saves it, while the open project waits for one."""
    if project is None or next_step(project) != "search":
        return "Search"
    return f"Search: S in the results saves it into {one_line(project.name)}"


def _requirements_first(screen: LonglistScreen, project: Project | None) -> None:
    """Say that requirements come before the search, and lead to them."""

    async def go() -> None:
        await screen.longlist.action_go("project")

    def answered(answer: str | None) -> None:
        if answer == "go":
            screen.run_worker(go())

    which = (
        f"Those of {project.name} are not frozen yet" if project is not None else "No project is begun yet"
    )
    screen.app.push_screen(
        AskScreen(
            "Requirements come first",
            f"A search on record follows requirements that were frozen before it. {which}.",
            {"go": "Go to the project", "stay": "Go on searching"},
        ),
        answered,
    )


async def _ask(screen: LonglistScreen, query: SearchQuery, project: Project) -> None:
    """Ask for what the search does not say yet: its framework and lot, and what each filter serves."""
    session = screen.longlist.session
    today = session.clock().date()
    try:
        with screen.waiting("Reading the catalogue"):
            frameworks, lots = await session.ask(lambda catalogue: _places(catalogue, today))
            seen, whole = await session.ask(lambda catalogue: _counts(catalogue, query))
    except LonglistError as error:
        screen.longlist.tell(error)
        return
    marked = {} if project.searches else {key: await screen.longlist.record(key) for key in session.marks}
    narrowings = _narrowings(query)
    entries = []
    if len(query.frameworks) != 1:
        entries.append(Entry("framework", "Framework", choices=frameworks))
    if len(query.lots) != 1:
        entries.append(Entry("lot", "Lot", choices=lots))
    keys = requirement_choices(requirements_of(project))
    for at in range(len(narrowings)):
        entries.append(Entry(f"serves-{at}", f"Filter {at + 1} serves", choices=keys))
    if project.searches:
        entries.append(Entry("how", "It stands", choices=_HOWS))
        entries.append(Entry("because", "Because", hint="why there is another search"))
    if not entries:
        entries.append(
            Entry("sure", "Save it", choices=(("yes", "Everything that it finds is the longlist"),))
        )

    def act(store: ProjectStore, name: str, given: Values) -> Project:
        how: How = "first"
        if project.searches:
            how = "instead" if given["how"] == "instead" else "beside"
        return save_search(
            store,
            name,
            query.text.strip(),
            framework=given.get("framework") or query.frameworks[0],
            lot=given.get("lot") or query.lots[0],
            narrowings=[
                replace(each, requirement=given[f"serves-{at}"]) for at, each in enumerate(narrowings)
            ],
            how=how,
            because=given.get("because", ""),
        )

    def go() -> None:
        screen.run_worker(screen.longlist.action_go("project"))

    form(
        screen,
        f"Save the search into {project.name}",
        entries,
        act,
        said=lambda saved: _said(saved) + _not_found(saved, marked),
        about=_about(query, narrowings, seen, whole),
        button="Save",
        then=go,
    )


def _places(
    catalogue: Catalogue, today: date
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """Frameworks and lots of the catalogue to choose from; frameworks that are open come first."""
    held, dates = summary(catalogue), agreement_dates(catalogue)

    def told(count: FacetCount) -> tuple[bool, tuple[str, str]]:
        standing = standing_of(count.value, today, dates)
        over = standing is not None and not standing.open
        state = f": {standing.sentence(today)}" if standing is not None else ""
        return over, (count.value, f"{one_line(count.name)}{state}")

    frameworks = sorted(map(told, held.by_framework), key=lambda each: each[0])
    lots = tuple((count.value, short_lot(count.value)) for count in held.by_lot)
    return tuple(each for _, each in frameworks), lots


def _counts(catalogue: Catalogue, query: SearchQuery) -> tuple[int, int]:
    """How many services the search shows, and how many of them have all that is asked for."""
    return search(catalogue, query, limit=0).total, search(catalogue, query, limit=0, relax=False).total


def _narrowings(query: SearchQuery) -> list[Narrowing]:
    """The filters of a search, each still without the requirement that it serves."""
    found = [Narrowing("answer", f"{question}={value}", "") for question, value in query.answers]
    found += [Narrowing("category", each, "") for each in query.categories]
    found += [Narrowing("supplier", each, "") for each in query.suppliers]
    return found


def _about(query: SearchQuery, narrowings: Sequence[Narrowing], seen: int, whole: int) -> str:
    words = f"“{one_line(query.text)}”" if query.text.strip() else "no words"
    places = [*query.frameworks[:1], *map(short_lot, query.lots[:1])]
    told = f"Words: {words}" + (f", in {' '.join(places)}" if places else "")
    filters = "; ".join(
        f"filter {at}: {each.kind} {one_line(each.value)}" for at, each in enumerate(narrowings, start=1)
    )
    found = "Everything that it finds is the longlist."
    if whole < seen:
        found = (
            f"The longlist is what has all of the words: at most {whole:,} of the {seen:,} in the list; the "
            "others have some, or are close. Fewer words find more."
        )
    return f"{told}. " + (f"{filters}. " if filters else "") + found


def _not_found(project: Project, marked: Mapping[str, ServiceRecord | None]) -> str:
    """Which services were marked before and are not among those that the search found."""
    listed = {each.service_id for each in project.longlist}
    gone = [one_line(record.name) if record else key for key, record in marked.items() if key not in listed]
    if not gone:
        return ""
    return (
        f". Marked before, and not found by it: {', '.join(gone)}. Only what a saved search finds can be "
        "judged: save a wider one if they should be"
    )


def _said(project: Project) -> str:
    saved = project.searches[-1]
    return f"{saved.found:,} found; {len(saved.results):,} after filters, all of them on the longlist"
