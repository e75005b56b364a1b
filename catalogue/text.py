"""One normaliser for everything that compares text, and words with their places in the original.

Spans always point into the text as given, so that a quote can be cut out of it character for character.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import accumulate

#: Single characters that mean the same in another shape, beyond what NFKC unifies.
_SAME = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
        # A letter that is two characters when it is small, and no span could tell of both.
        "İ": "i",
        # Invisible: soft hyphen, zero-width characters, word joiner, byte order mark.
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", ""),
    }
)
_SPACES = re.compile(r"\s+")

#: Characters that may sit inside a word without being a letter: combining marks and invisible ones.
_INSIDE = "[\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff]*"
_CHARACTER = rf"(?:[^\W_]{_INSIDE})"


def _word_pattern(character: str) -> re.Pattern[str]:
    """Words, also those that are more than letters: ``r&b``, ``as/400``, ``24/7`` (short sides), ``c++``."""
    return re.compile(
        rf"(?<![^\W_])[^\W_]{{1,3}}(?:[&/][^\W_]{{1,3}})+(?![^\W_])"
        rf"|(?<![^\W_])[^\W\d_]{{1,2}}(?:\+\+?|#)(?![^\W_])"
        rf"|\d+(?:\.\d+)+"
        rf"|(?P<plain>{character}+(?:['’]{character}+)?)"
        rf"|(?<!\S)&(?!\S)"
    )


_WORD = _word_pattern(_CHARACTER)
#: The same for texts that hold none of the characters that these words are about: most, and much quicker.
_PLAIN_WORD = re.compile(r"(?P<plain>[^\W_]+(?:['’][^\W_]+)?)")
_ASCII_WORD = re.compile(r"([a-z0-9]+(?:'[a-z0-9]+)?)")
_ODD = re.compile(_INSIDE.removesuffix("*") + r"|[&/+#]|\d\.\d")
#: Of most texts the words are simply what stands between other characters: told in a fifth of the time.
_UNPLAIN = re.compile(r"[&/+#']|\d\.\d")
_LETTERS = re.compile(r"[^\W_]+")
_ODD_ASCII = re.compile(r"[&/+#]|\d\.\d")
_POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)


def normalise(text: str) -> str:
    """The text as it is compared: one case, one kind of quote, dash and space, nothing invisible."""
    plain = unicodedata.normalize("NFKC", text.translate(_SAME)).casefold()
    # Folding the case may bring forth characters that compose again; a second round makes this idempotent.
    plain = unicodedata.normalize("NFKC", plain).casefold().translate(_SAME)
    return _SPACES.sub(" ", plain).strip()


def words(text: str) -> list[str]:
    """The normalised words of a text in order. An ``&`` that stands alone is read as ``and``."""
    if text.isascii() and not _UNPLAIN.search(text):
        return _LETTERS.findall(text.lower())
    return [word for word, _, _ in tokens_with_spans(text)]


def tokens_with_spans(text: str) -> list[tuple[str, int, int]]:
    """Each normalised word with the place in ``text`` that it was read from.

    A possessive ``'s`` belongs to neither word nor span: ``council's`` is ``council``.
    """
    if text.isascii() and not _ODD_ASCII.search(text):
        # Most texts, and several times as quick.
        small = text.lower()
        # What stands before each word, the word, and so on; what is behind the last.
        pieces = _ASCII_WORD.split(small)
        ends = list(accumulate(map(len, pieces)))
        found = list(zip(pieces[1::2], ends[::2], ends[1::2], strict=False))
        if "'s" in small:
            found = [
                (word[:-2], start, end - 2) if word.endswith("'s") else (word, start, end)
                for word, start, end in found
            ]
        return found
    found = []
    for match in (_WORD if _ODD.search(text) else _PLAIN_WORD).finditer(text):
        start, end = match.span()
        surface = match.group()
        if surface == "&":
            found.append(("and", start, end))
            continue
        if surface[-1] in "sS" and match["plain"] and (possessive := _POSSESSIVE.search(surface)):
            end -= len(possessive.group())
            surface = surface[: possessive.start()]
        word = surface.lower() if surface.isascii() else normalise(surface)
        if word:
            found.append((word, start, end))
    return found
