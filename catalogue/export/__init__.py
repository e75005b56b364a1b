"""Writers of an export, one per format, over one prepared table."""
