"""The command line, a module for each group of commands; standard output is data."""
