"""The trail: bound entry by entry, checked by other means than ours, and the project read back from it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.audit import Entry, TrailError, chain_fault, next_entry, prefix_of, replayed, sealed, states_of
from catalogue.errors import UsageError
from catalogue.project import By, Result, actions, stage_of
from tests.purchase import START, Purchase, award, results

WHOLE = Purchase().locked()
WHOLE.do(award())
ENTRIES = tuple(WHOLE.entries)


def test_a_chain_can_be_checked_with_nothing_but_json_and_sha256() -> None:
    previous = "sha256:" + "0" * 64
    for number, entry in enumerate(ENTRIES, start=1):
        assert entry.document is not None
        covered = {
            "number": number,
            "time": entry.time,
            "action": entry.action,
            "inputs": dict(entry.inputs),
            "contents": "sha256:" + hashlib.sha256(entry.document.encode()).hexdigest(),
            "previous": previous,
        }
        text = json.dumps(covered, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        previous = "sha256:" + hashlib.sha256(text.encode()).hexdigest()
        assert entry.digest == previous


def test_the_trail_is_the_project() -> None:
    assert chain_fault(ENTRIES) is None
    assert replayed(ENTRIES) == WHOLE.state
    assert [stage_of(project) for _, project in states_of(ENTRIES)] == [
        *["informal"] * 2,
        "search",
        *["longlist"] * 8,
        "locked",
        "closed",
    ]


def test_an_entry_names_what_it_rested_on() -> None:
    found = {entry.action: dict(entry.inputs) for entry in ENTRIES}
    frozen = WHOLE.state.frozen
    assert frozen is not None
    assert WHOLE.state.profile is not None
    assert found["profile"] == {"profile": WHOLE.state.profile.digest}
    assert found["freeze"] == {"profile": WHOLE.state.profile.digest, "requirements": frozen.digest}
    assert set(found["search"]) == {"catalogue", "records", "requirements"}
    assert set(found["reject"]) == {"records"}


_CHANGES: dict[str, Any] = {
    "number": 99,
    "time": "2020-01-01T00:00:00Z",
    "action": "note",
    "inputs": (("records", "sha256:other"),),
    "contents": "sha256:other",
    "previous": "sha256:other",
    "digest": "sha256:other",
    "document": '{"actor":"Somebody else","details":{},"salt":""}',
}


@given(st.integers(0, len(ENTRIES) - 1), st.sampled_from(sorted(_CHANGES)))
@settings(max_examples=60)
def test_whatever_is_changed_in_an_entry_it_is_the_first_that_does_not_fit(at: int, field: str) -> None:
    changed = replace(ENTRIES[at], **{field: _CHANGES[field]})
    fault = chain_fault((*ENTRIES[:at], changed, *ENTRIES[at + 1 :]))
    assert fault is not None
    assert fault.entry == (99 if field == "number" else at + 1)


@given(st.integers(0, len(ENTRIES) - 2))
@settings(max_examples=20)
def test_an_entry_left_out_or_moved_is_found(at: int) -> None:
    left_out = (*ENTRIES[:at], *ENTRIES[at + 1 :])
    moved = (*ENTRIES[:at], ENTRIES[at + 1], ENTRIES[at], *ENTRIES[at + 2 :])
    for entries in (left_out, moved):
        fault = chain_fault(entries)
        assert fault is not None
        assert fault.entry == at + 2


def test_an_entry_sealed_anew_breaks_the_one_after_it() -> None:
    old = ENTRIES[5]
    document = '{"actor":"Somebody else","details":{"action":"note"},"salt":""}'
    forged = sealed(
        number=old.number,
        time=old.time,
        action=old.action,
        inputs=dict(old.inputs),
        document=document,
        previous=old.previous,
    )
    fault = chain_fault((*ENTRIES[:5], forged, *ENTRIES[6:]))
    assert fault is not None
    assert (fault.entry, fault.problem) == (7, "it does not follow the entry before it")


def forged(action: actions.Action, inputs: dict[str, str] | None = None, name: str | None = None) -> Entry:
    """An entry after `ENTRIES` up to the shortlist, well sealed by somebody who skips the machine."""
    document = json.dumps({"actor": "X", "details": msgspec_builtins(action), "salt": ""})
    return sealed(
        number=7,
        time="2026-11-23T10:00:00Z",
        action=name or "score",
        inputs=inputs or {},
        document=document,
        previous=ENTRIES[5].digest,
    )


def msgspec_builtins(action: actions.Action) -> Any:
    import msgspec  # noqa: PLC0415

    return msgspec.to_builtins(action)


def test_a_well_sealed_entry_that_was_not_allowed_is_found_when_it_is_taken_again() -> None:
    from decimal import Decimal  # noqa: PLC0415

    from tests.purchase import score  # noqa: PLC0415

    entries = (*ENTRIES[:6], forged(score("1", "Fit", Decimal(5))))
    assert chain_fault(entries) is None
    with pytest.raises(TrailError, match=r"entry 7 of the trail of project 'a': .* has no criteria yet"):
        replayed(entries, name="a")


def test_an_entry_with_other_inputs_or_another_name_than_it_holds_is_found() -> None:
    note = actions.Note(service_id="1", note="x")
    with pytest.raises(TrailError, match="it is called 'score' and holds 'note'"):
        replayed((*ENTRIES[:6], forged(note)))
    with pytest.raises(TrailError, match="the digests it rests on are not those"):
        replayed((*ENTRIES[:6], forged(note, {"records": "sha256:other"}, "note")))


@pytest.mark.parametrize(
    "document", ["", "{", "[]", '{"actor":1}', '{"details":{"action":"none"}}', "[" * 9999]
)
def test_a_document_that_cannot_be_read_is_a_fault_of_its_entry(document: str) -> None:
    entries = (*ENTRIES[:6], replace(ENTRIES[6], document=document))
    with pytest.raises(TrailError, match="entry 7"):
        replayed(entries)
    assert entries[-1].actor is None


class TestDeletion:
    def test_the_chain_holds_without_the_documents(self) -> None:
        purchase = Purchase().locked()
        purchase.do(actions.Delete(because="Asked to"))
        left = [replace(entry, document=None) for entry in purchase.entries[:-1]] + purchase.entries[-1:]
        assert chain_fault(left) is None
        found = replayed(left, name="Council tax")
        assert found.deleted is not None
        assert (found.name, found.created, found.deleted.because) == ("Council tax", START, "Asked to")

    def test_a_document_may_not_be_missing_while_the_project_is_there(self) -> None:
        left = (replace(ENTRIES[0], document=None), *ENTRIES[1:])
        fault = chain_fault(left)
        assert fault is not None
        assert (fault.entry, fault.problem) == (1, "its document is missing, and the project was not deleted")

    def test_the_tombstone_itself_stays(self) -> None:
        purchase = Purchase().begun()
        purchase.do(actions.Delete(because="Asked to"))
        left = [replace(entry, document=None) for entry in purchase.entries]
        fault = chain_fault(left)
        assert fault is not None
        assert fault.entry == 3

    def test_equal_names_have_other_digests(self) -> None:
        by = By(START, "Ines Tolland")
        digests = {
            next_entry([], None, actions.Begin(name="a"), by, salt=salt)[1].contents for salt in ("1", "2")
        }
        assert len(digests) == 2


def test_what_was_typed_is_tidied_before_it_is_kept_and_a_profile_is_not() -> None:
    text = '[organisation]\nname = "Fenmoor\\u001b[31m"\n\n'
    from catalogue.project import profile_text  # noqa: PLC0415

    purchase = Purchase()
    purchase.do(actions.Begin(name="  a "))
    found = purchase.do(actions.TakeProfile(profile=profile_text(text, "x")))
    assert found.profile is not None
    assert (found.profile.name, found.profile.text) == ("Fenmoor[31m", text)
    marked = purchase.do(actions.MarkService(service=Result("1", "d"), note=" \x1b]0;owned\x07 nice\r\nyes "))
    assert marked.longlist[0].note == "]0;owned nice\nyes"


def test_what_is_refused_leaves_everything_as_it_was() -> None:
    purchase = Purchase().searched()
    before, entries = purchase.state, list(purchase.entries)
    with pytest.raises(UsageError):
        purchase.do(actions.Reject(services=results(1), requirement="R9", because="x"))
    assert (purchase.state, purchase.entries) == (before, entries)


def test_one_trail_may_go_on_where_another_ends() -> None:
    assert prefix_of(ENTRIES[:5], ENTRIES)
    assert not prefix_of(ENTRIES, ENTRIES[:5])
    other = Purchase()
    other.now += timedelta(days=1)
    other.begun()
    assert not prefix_of(other.entries, ENTRIES)
