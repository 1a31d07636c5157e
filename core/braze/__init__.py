"""Braze: calls, answers, api."""
