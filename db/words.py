"""The words of the catalogue as the index stems them, for finding what a mistyped word was meant to be."""

from __future__ import annotations

from db.catalogue import Catalogue

_PENDING = "words_pending"
#: Words are collected again when this share of the services has changed since, or this many if that is more.
_SHARE, _AT_LEAST = 0.02, 50


def refresh_words(catalogue: Catalogue, changed: int) -> None:
    """Collect the words again if enough services changed. To be called inside `Catalogue.atomic`.

    Until then, a word that only the newest listings have is found as typed, but not offered as a correction.
    """
    pending = int(catalogue.note(_PENDING) or 0) + changed
    services = int(catalogue.rows("SELECT count(*) FROM service")[0][0])
    enough = pending > max(_SHARE * services, _AT_LEAST) or services <= 10 * _AT_LEAST
    if enough:
        connection = catalogue.db.conn
        connection.execute("DELETE FROM word")
        connection.execute("INSERT INTO word SELECT term, doc FROM service_fts_word")
    catalogue.take_note(_PENDING, None if enough else str(pending))
