"""SessionM Core and Connect: calls, answers, api."""
