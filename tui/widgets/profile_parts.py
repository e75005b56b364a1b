"""The parts of a profile's form: every key of its file as a field, with a sentence on what it is for."""

from __future__ import annotations

from catalogue.profile import (
    BARRIERS,
    CUSTOMERS_NEEDS,
    INTENTS,
    INTERFACES,
    PRIORITIES,
    RESOURCES_GAPS,
    SECTORS,
    SKILLS_GAPS,
)
from catalogue.profile.suggesting import questions, systems
from catalogue.questions import Crosswalk
from catalogue.vocabulary import Vocabulary
from tui.widgets.answers import AnswerField
from tui.widgets.fields import Field, TextField, TickField
from tui.widgets.suggest import Suggester, among
from tui.widgets.tables import TablePane

#: The parts of the form, by the table that each is about.
SECTIONS = {
    "organisation": "Organisation",
    "weights": "Weights",
    "legacy": "Systems",
    "gaps": "Gaps",
    "requirement": "Requirements",
}

#: What each word of a profile means, as `docs/matching.md` has it.
WORDS = {
    "keep": "It stays, and nothing may take its place.",
    "connect": "It stays, and the new service exchanges data with it.",
    "replace": "The new service takes over from it.",
    "retire": "It goes, and its data is moved or archived.",
    "api": "Programs can call it.",
    "files": "It reads or writes files.",
    "database": "Its database can be read.",
    "screen": "Only people, or robots in their place, can use it.",
    "none": "There is no way in or out.",
    "developers": "Nobody writes code.",
    "integration": "Nobody connects systems with each other.",
    "user-research": "Nobody finds out what users need.",
    "design": "Nobody designs services or content.",
    "security": "Nobody looks after cyber security.",
    "data": "Nobody cleans, moves or analyses data.",
    "service-desk": "Nobody answers when something does not work.",
    "training": "Nobody trains staff in new systems.",
    "money": "There is little of it, and it must be known beforehand.",
    "staff-time": "The team has no time beside its daily work.",
    "project-management": "Nobody runs projects.",
    "procurement-time": "There is little time to buy.",
    "single-sign-on": "One sign-in for everything.",
    "mobile": "People use it on their telephones.",
    "accessibility": "People with impairments can use it.",
    "assisted-digital": "Staff can help, or do it for somebody.",
    "insight": "One sees what is used, and where people give up.",
    "channels": "Telephone, counter and web go together.",
    "end-to-end": "From the first click to the end without rekeying.",
    "must": "Without it the service is of no use. With a question it excludes those that answer otherwise.",
    "want": "It counts, and never excludes.",
    "legacy": "It is about the systems in place.",
    "resources": "It is about money and time.",
    "skills": "It is about what staff can do.",
    "customers": "It is about the people served.",
}


def organisation_fields(bodies: Suggester) -> list[Field]:
    """Who buys, and what for. ``bodies`` suggests public bodies as the organisation."""
    table = "organisation"
    return [
        TextField(
            table,
            "name",
            "Name",
            hint="Who buys. The one thing that a profile must have.",
            placeholder="Fenmoor District Council",
            suggester=bodies,
        ),
        TextField(
            "",
            "goal",
            "Goal",
            hint="What you are after, in one sentence. Its words decide which services are about the matter.",
            placeholder="Put council tax online end to end, one service at a time",
        ),
        TickField(table, "sector", "Sector", SECTORS, one=True, hint="What the organisation is."),
        TextField(
            table,
            "staff_users",
            "Staff users",
            "number",
            hint="People who would work with it. Turns a price for each user into a yearly figure.",
        ),
        TextField(
            table,
            "residents",
            "Residents",
            "number",
            hint="People served. Turns a price for each person into a yearly figure.",
        ),
        TextField(
            table,
            "budget_per_year",
            "Budget a year",
            "number",
            hint="Pounds without VAT. Every price that can be is compared with it.",
            placeholder="£",
        ),
        TextField(
            table, "contract_years", "Contract years", "number", hint="How long the contract is to be."
        ),
        TextField(
            table,
            "award_by",
            "Award by",
            "day",
            hint="The day by which the contract is awarded: 2027-03-31, 31/3/2027 or 31 March 2027.",
            placeholder="such as 31/3/2027",
        ),
    ]


def gap_fields() -> list[Field]:
    """Skills, resources and what customers need."""
    return [
        TickField("skills", "gaps", "Skills", SKILLS_GAPS, hint="Tick what you do not have.", hints=WORDS),
        TextField(
            "skills",
            "team",
            "Team",
            hint="Who is there, in your own words.",
            placeholder="one web officer; nobody writes code",
        ),
        TickField("resources", "gaps", "Resources", RESOURCES_GAPS, hint="Tick what is short.", hints=WORDS),
        TickField(
            "customers",
            "needs",
            "Customers",
            CUSTOMERS_NEEDS,
            hint="Tick what the people who use the service need.",
            hints=WORDS,
        ),
    ]


def systems_pane(vocabulary: Vocabulary) -> TablePane:
    """The systems that stay, go, or must be connected to."""
    table = "legacy"
    return TablePane(
        table,
        [
            TextField(
                table,
                "system",
                "System",
                hint="Its name. For those suggested, other names are known and looked for too.",
                placeholder="begin to type: Northgate, Uniform, Lagan …",
                suggester=among(systems(vocabulary)),
            ),
            TextField(
                table, "aliases", "Other names", "names", hint="Old ones too, with commas between them."
            ),
            TextField(
                table,
                "purpose",
                "Purpose",
                hint="What it is for. Tells it from other things of the same name.",
                placeholder="revenues and benefits",
            ),
            TickField(
                table,
                "intent",
                "Intent",
                INTENTS,
                one=True,
                hint="What becomes of it. Nothing ticked is connect.",
                hints=WORDS,
            ),
            TickField(
                table, "interfaces", "Interfaces", INTERFACES, hint="What the old side can do.", hints=WORDS
            ),
        ],
        title="Systems in place",
        listed=("intent", "connect", "system"),
        add="Add a system",
        none="Enter adds a system that stays, goes, or must be connected to.\n\n"
        "Which one it is decides more than anything else which services fit.",
        id="section-legacy",
    )


def requirements_pane(crosswalk: Crosswalk) -> TablePane:
    """What must or should be so."""
    table = "requirement"
    return TablePane(
        table,
        [
            TextField(
                table,
                "text",
                "What",
                hint="What is required, in your own words.",
                placeholder="Residents apply online without rekeying",
            ),
            TickField(
                table, "priority", "Priority", PRIORITIES, one=True, hint="How hard it is.", hints=WORDS
            ),
            TickField(
                table,
                "barrier",
                "Barrier",
                BARRIERS,
                one=True,
                hint="Which it belongs to. Nothing ticked: the one that matters most.",
                hints=WORDS,
            ),
            TextField(
                table,
                "question",
                "Question",
                hint="A question that suppliers answered. With one, a must excludes what answers otherwise.",
                placeholder="begin to type: API, HSCN, data storage …",
                suggester=among(questions(crosswalk)),
            ),
            AnswerField(table, crosswalk),
        ],
        title="Requirements",
        listed=("priority", "want", "text"),
        add="Add a requirement",
        none="Enter adds a requirement.\n\n"
        "Write and agree them before you search. Few musts leave a choice: a must that names a question "
        "excludes every service that answers otherwise.",
        id="section-requirement",
    )


def section_of(place: str) -> str | None:
    """The part of the form that shows a place of a profile; ``None`` where none does."""
    table = place.partition(".")[0].partition("[")[0]
    named = {"goal": "organisation", "skills": "gaps", "resources": "gaps", "customers": "gaps"}
    table = named.get(table, table)
    return table if table in SECTIONS else None
