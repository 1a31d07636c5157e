"""SessionM and Braze as real HTTP servers on loopback, for the demo, the `sandbox` command and tests."""

from __future__ import annotations

from core.sandbox.hosting import SandboxHandle, start_in_thread
from core.sandbox.sandbox import Sandbox
from core.sandbox.values import ReceivedRequest, SeedCustomer

__all__ = ["ReceivedRequest", "Sandbox", "SandboxHandle", "SeedCustomer", "start_in_thread"]
