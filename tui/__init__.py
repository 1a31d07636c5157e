"""The cockpit and the command line: what a person sees and types; no I/O of its own."""
