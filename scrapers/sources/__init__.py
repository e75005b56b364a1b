"""What is known of each source, as tables that a maintainer edits."""
