"""Small differences that a page may have from the reconstructed ones: each an alteration of its tree.

Each alteration changes how a page is made and nothing of what it says, but for those in `REORDERED`, which
change the order of its parts.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from hashlib import sha256

from bs4 import BeautifulSoup, Tag

Alter = Callable[[BeautifulSoup, Tag], None]


def _tags(node: Tag, *names: str) -> list[Tag]:
    return [tag for tag in node.find_all(list(names) or True) if isinstance(tag, Tag)]


def _wrap(soup: BeautifulSoup, tag: Tag, name: str = "div", **attributes: str) -> Tag:
    wrapper = soup.new_tag(name, attrs=attributes)
    tag.wrap(wrapper)
    return wrapper


def renamed_classes(soup: BeautifulSoup, main: Tag) -> None:
    """Every class has another name, as when a build hashes them."""
    for tag in _tags(soup):
        if "class" in tag.attrs:
            tag["class"] = [
                "c" + sha256(str(name).encode()).hexdigest()[:6] for name in tag.get_attribute_list("class")
            ]


def no_classes(soup: BeautifulSoup, main: Tag) -> None:
    """There are no classes, ids or other attributes but those that mean something."""
    for tag in _tags(soup):
        for name in [
            name for name in tag.attrs if name not in ("href", "rel", "rowspan", "colspan", "scope")
        ]:
            del tag[name]


def more_attributes(soup: BeautifulSoup, main: Tag) -> None:
    """Every element carries data attributes, a language and a style."""
    for number, tag in enumerate(_tags(main)):
        tag["data-n"] = str(number)
        tag["lang"] = "en"
        tag["style"] = "margin: 0"


def wrapped_lists(soup: BeautifulSoup, main: Tag) -> None:
    """Each summary list stands in two elements more."""
    for tag in _tags(main, "dl"):
        if tag.find_parent("dd") is None:
            _wrap(soup, _wrap(soup, tag, "div", **{"class": "card__content"}), "section")


def wrapped_tables(soup: BeautifulSoup, main: Tag) -> None:
    """Each table stands in a box that scrolls."""
    for tag in _tags(main, "table"):
        _wrap(soup, tag, "div", tabindex="0")


def wrapped_answers(soup: BeautifulSoup, main: Tag) -> None:
    """What an answer holds stands in one more element."""
    for dd in _tags(main, "dd"):
        if dd.find_parent("dd") is None:
            wrapper = soup.new_tag("div")
            for child in list(dd.contents):
                wrapper.append(child.extract())
            dd.append(wrapper)


def wrapped_labels(soup: BeautifulSoup, main: Tag) -> None:
    """Labels and headings hold their text in an element of its own."""
    for tag in _tags(main, "dt", "h2", "h3"):
        span = soup.new_tag("span")
        for child in list(tag.contents):
            span.append(child.extract())
        tag.append(span)


def wrapped_headings(soup: BeautifulSoup, main: Tag) -> None:
    """Section headings stand in a title bar of a card, beside nothing."""
    for tag in _tags(main, "h2"):
        following = tag.find_next_sibling()
        if isinstance(following, Tag) and following.name in ("dl", "table"):
            _wrap(soup, tag, "div", **{"class": "summary-card__title-wrapper"})


def bare_rows(soup: BeautifulSoup, main: Tag) -> None:
    """Rows of summary lists are not grouped: dt and dd alternate."""
    for dl in _tags(main, "dl"):
        for row in [child for child in dl.find_all("div", recursive=False) if isinstance(child, Tag)]:
            row.unwrap()


def deeper_headings(soup: BeautifulSoup, main: Tag) -> None:
    """Headings are one level further down, but for the title."""
    for name, lower in (("h4", "h5"), ("h3", "h4"), ("h2", "h3")):
        for tag in _tags(main, name):
            tag.name = lower


def sections_in_accordions(soup: BeautifulSoup, main: Tag) -> None:
    """Each section is a part of an accordion: its heading a button, its content beside it."""
    for tag in _tags(main, "h2"):
        following = tag.find_next_sibling()
        if isinstance(following, Tag) and following.name == "dl":
            button = soup.new_tag("button", attrs={"type": "button"})
            for child in list(tag.contents):
                button.append(child.extract())
            tag.append(button)
            _wrap(soup, tag, "div")
            _wrap(soup, following, "div")


def other_white_space(soup: BeautifulSoup, main: Tag) -> None:
    """Elements stand on lines of their own, indented with tabs."""
    for tag in _tags(main, "dl", "dt", "dd", "ul", "li", "table", "tr", "td", "th", "h2", "h3"):
        tag.insert_before("\n\t\t")
        tag.insert_after("\r\n\t")


def comments_and_scripts(soup: BeautifulSoup, main: Tag) -> None:
    """Templates leave comments, and scripts and styles stand between the parts."""
    for tag in _tags(main, "dl", "h2"):
        script = soup.new_tag("script")
        script.string = "window.seen = '<h2>Framework</h2><p>None</p>'"
        tag.insert_before(script)
        style = soup.new_tag("style")
        style.string = "dl { margin: 0 }"
        tag.insert_before(style)


def another_supplier_line(soup: BeautifulSoup, main: Tag) -> None:
    """The supplier before the title is a paragraph, not a span."""
    h1 = main.find("h1")
    assert isinstance(h1, Tag)
    before = h1.find_previous_sibling()
    if isinstance(before, Tag) and before.name == "span":
        before.name = "p"


def skip_links_and_feedback(soup: BeautifulSoup, main: Tag) -> None:
    """A phase banner stands before the title, a feedback link after everything."""
    banner = BeautifulSoup("<div><p><strong>Beta</strong> This is a new service.</p></div>", "lxml").div
    feedback = BeautifulSoup('<div><a href="/feedback">Is this page useful?</a></div>', "lxml").div
    assert banner is not None
    assert feedback is not None
    main.insert(0, banner)
    main.append(feedback)


def meta_first(soup: BeautifulSoup, main: Tag) -> None:
    """The details stand before the description, or after it where they stood before."""
    for heading in _tags(main, "h2"):
        if heading.get_text(strip=True) == "Service ID":
            column = heading.find_parent(["div", "aside"])
            while (
                isinstance(column, Tag)
                and column.find_previous_sibling() is None
                and column.find_next_sibling() is None
            ):
                column = column.parent
            if isinstance(column, Tag) and isinstance(other := column.find_previous_sibling(), Tag):
                other.insert_before(column.extract())
            elif isinstance(column, Tag) and isinstance(other := column.find_next_sibling(), Tag):
                other.insert_after(column.extract())
            return


def shuffled_sections(soup: BeautifulSoup, main: Tag) -> None:
    """Sections of questions come in another order."""
    chance = random.Random(15)
    sections = []
    for dl in _tags(main, "dl"):
        heading = dl.find_previous_sibling()
        if dl.find_parent("dd") is None and isinstance(heading, Tag) and heading.name == "h2":
            sections.append((heading, dl))
    places = []
    for heading, _ in sections:
        mark = soup.new_tag("span")
        heading.insert_before(mark)
        places.append(mark)
    taken = [(heading.extract(), dl.extract()) for heading, dl in sections]
    chance.shuffle(taken)
    for mark, (heading, dl) in zip(places, taken, strict=True):
        mark.insert_before(heading)
        mark.insert_before(dl)
        mark.decompose()


def shuffled_rows(soup: BeautifulSoup, main: Tag) -> None:
    """Questions come in another order within their section."""
    chance = random.Random(16)
    for dl in _tags(main, "dl"):
        if dl.find_parent("dd") is None:
            rows = [row.extract() for row in dl.find_all("div", recursive=False) if isinstance(row, Tag)]
            chance.shuffle(rows)
            for row in rows:
                dl.append(row)


def swapped_columns(soup: BeautifulSoup, main: Tag) -> None:
    """Rate cards have the offshore column before the UK one, and tables of bands the discount first."""
    for table in _tags(main, "table"):
        rows = [
            [c for c in row.find_all(["td", "th"], recursive=False) if isinstance(c, Tag)]
            for row in _tags(table, "tr")
        ]
        if any(cell.get("rowspan") or cell.get("colspan") for row in rows for cell in row):
            continue
        for row in rows:
            if len(row) >= 2:
                row[-2].insert_before(row[-1].extract())


SAME = (
    renamed_classes,
    no_classes,
    more_attributes,
    wrapped_lists,
    wrapped_tables,
    wrapped_answers,
    wrapped_labels,
    wrapped_headings,
    bare_rows,
    deeper_headings,
    sections_in_accordions,
    other_white_space,
    comments_and_scripts,
    another_supplier_line,
    skip_links_and_feedback,
    meta_first,
    swapped_columns,
)
REORDERED = (shuffled_sections, shuffled_rows)


def altered(text: str, *alterations: Alter) -> str:
    """The page after the alterations."""
    soup = BeautifulSoup(text, "lxml")
    main = soup.find("main")
    assert isinstance(main, Tag)
    for alter in alterations:
        alter(soup, main)
    return str(soup)
