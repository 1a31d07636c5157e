"""Braze's dialect of Liquid on python-liquid; no network of its own."""
