"""Dialogs: what interrupts."""
