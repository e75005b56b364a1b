"""The domain of Longlist: services, prices, profiles, findings and scores as plain values."""

__version__ = "0.1.0"
