"""The text of `offerdeck --help`."""

from __future__ import annotations

TEXT = """\
offerdeck: a terminal cockpit for SessionM offer wallets and Braze messages

  offerdeck                          the cockpit
  offerdeck demo                     the cockpit on a sandbox: no account, no keyring
  offerdeck sandbox                  the sandbox alone, on loopback

Customers
  offerdeck wallet CUSTOMER          the offers, what ends first
  offerdeck tags CUSTOMER            the tags and their clocks
  offerdeck tag CUSTOMER TAG...      set tags; --ttl 30d makes them expire

Messages
  offerdeck render FILE|-            a Liquid template as a customer would get it
  offerdeck lint FILE|-              its problems, without data; several files, --channel, --rules
  offerdeck send campaign|canvas ID --to USER...
  offerdeck ledger [list|show ID|replay ID]

Tenants
  offerdeck profile list|show|add|remove
  offerdeck auth set|check|forget PROFILE [FIELD]
  offerdeck doctor                   what is installed, stored and reachable
  offerdeck locate                   where things lie

Everywhere
  --profile NAME         the tenant (or OFFERDECK_PROFILE)
  --json                 data as JSON on stdout
  --unlock-production    with --confirm: let a production profile write
  --help, --version      also `offerdeck COMMAND --help`

A write shows what it would do with --dry-run, asks on a terminal, and needs --confirm elsewhere.

Exit codes: 0 ok, 1 refused or not rendered, 2 usage or configuration, 3 nothing happened, try again,
4 credentials or keyring, 5 stopped by a guard, 6 outcome unknown, 130 interrupted.
"""
