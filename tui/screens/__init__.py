"""Screens of the full-screen interface, each with its style sheet beside it."""
