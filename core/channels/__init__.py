"""A message as its channel has it: marked fields in one text, each rendered on its own, limits, and how it looks."""
