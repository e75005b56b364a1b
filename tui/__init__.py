"""Everything that a person meets in a terminal."""
