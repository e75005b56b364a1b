"""The SQLite catalogue: every line of SQL in the project lives in this package.

sqlite-utils asks for numpy, should there be one, to know columns of its types, of which none is stored here.
That would take a tenth of a second and 15 MB of every command and of the start of the interface, where only
matching a large catalogue and writing one use numpy; so sqlite-utils is loaded as if there were none.
"""

import sys

if "numpy" not in sys.modules:
    sys.modules["numpy"] = None  # type: ignore[assignment]  # how Python notes that there is none
    try:
        import sqlite_utils  # noqa: F401
    finally:
        del sys.modules["numpy"]
