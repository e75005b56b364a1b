"""The sources: polite fetching, pure parsing, and one run of a crawl."""
