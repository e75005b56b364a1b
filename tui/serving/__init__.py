"""The interface in a web browser, by way of textual-serve: a process for each visitor."""
