"""Pages made small: what every page of a site has in common is kept once, in a dictionary.

A dictionary is a few pages as they came, end to end. On recorded pages of 65 kB that brings a page to 1.5 to
2 kB, where a dictionary trained on 35 of them brings it to 4 kB and deflate with a page as its dictionary,
which sees no further back than 32 kB, to 8 kB.
"""

from __future__ import annotations

import zstandard

#: Pages that make a dictionary, and how much of each: longer ones are rare and say no more.
_PAGES = 3
_LONGEST = 100_000
#: Every so many pages a new dictionary is tried, and taken when it makes a page so much smaller: a site
#: changes its pages some day, and then the old dictionary is of little use.
_TRY_EVERY = 100
_MUCH_SMALLER = 0.7
#: Higher levels take five times as long for 5 % less.
_LEVEL = 12


def packed_alone(data: bytes) -> bytes:
    """Data made smaller quickly, without a dictionary."""
    return zstandard.compress(data, level=3)


def unpacked(blob: bytes, dictionary: bytes | None = None) -> bytes:
    """What was packed with this dictionary, or alone."""
    return zstandard.ZstdDecompressor(dict_data=_loaded(dictionary)).decompress(blob)


class Packer:
    """Packs pages with one dictionary, and makes a new one when that is worth it."""

    def __init__(self, dictionary: bytes | None) -> None:
        #: What `pack` packs with now; ``None`` until there are pages enough to make one of.
        self.dictionary = dictionary
        self._compressor = _compressor(dictionary)
        self._latest: list[bytes] = []
        self._since_tried = 0

    def learn(self, page: bytes) -> bool:
        """Look at a page that is to be packed next; whether there is a new dictionary because of it."""
        candidate = b"".join(self._latest) if len(self._latest) == _PAGES else None
        self._latest = [*self._latest[-_PAGES + 1 :], page[:_LONGEST]]
        self._since_tried += 1
        if candidate is None or (self.dictionary is not None and self._since_tried < _TRY_EVERY):
            return False
        self._since_tried = 0
        tried = _compressor(candidate)
        if len(tried.compress(page)) > _MUCH_SMALLER * len(self.pack(page)):
            return False
        self.dictionary, self._compressor = candidate, tried
        return True

    def pack(self, page: bytes) -> bytes:
        """The page made small; `unpacked` with the same dictionary gives it back."""
        return self._compressor.compress(page)


def _compressor(dictionary: bytes | None) -> zstandard.ZstdCompressor:
    loaded = _loaded(dictionary)
    if loaded is not None:
        loaded.precompute_compress(level=_LEVEL)
    return zstandard.ZstdCompressor(level=_LEVEL, dict_data=loaded)


def _loaded(dictionary: bytes | None) -> zstandard.ZstdCompressionDict | None:
    if dictionary is None:
        return None
    return zstandard.ZstdCompressionDict(dictionary, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
