"""The fictional sample catalogue and profiles that ship with Longlist."""
