"""Which services their suppliers filed among services for something else: see `catalogue.filing`."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from catalogue.filing import Filing
from db.catalogue import Catalogue
from db.reading import category_paths


def filed_elsewhere(catalogue: Catalogue, filing: Filing, places: NDArray[np.int64]) -> NDArray[np.bool_]:
    """By place, whether a service has categories and each of them names what the profile is not after.

    ``places`` has the place of each service by its key, or -1.
    """
    services, categories = catalogue.remembered("filed", partial(_filed, catalogue))
    paths = category_paths(catalogue)
    strange = np.zeros(max(paths, default=0) + 1, np.bool_)
    for key, path in paths.items():
        strange[key] = filing.is_elsewhere([path])
    filed, suits = np.zeros(len(places), np.bool_), np.zeros(len(places), np.bool_)
    filed[services] = True
    suits[services[~strange[categories]]] = True
    live = np.flatnonzero(places >= 0)
    found = np.zeros(len(live), np.bool_)
    found[places[live]] = (filed & ~suits)[live]
    return found


def _filed(catalogue: Catalogue) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The keys of services and of their categories, a pair for each."""
    rows = catalogue.rows("SELECT service, category FROM service_category WHERE category IS NOT NULL")
    pairs = np.array(rows, np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]
