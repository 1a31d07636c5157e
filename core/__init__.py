"""The core of offerdeck: values, rules and use cases; knows nothing of any screen."""

__version__ = "0.1.0"
