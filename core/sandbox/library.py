"""What stands in Braze's dashboard: campaigns and Canvases, as lists, details and targets of a trigger."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

PAUSED = "The {0} is paused. Resume the {0} to ensure trigger requests will take effect."
ARCHIVED = "The {0} is archived. Unarchive the {0} to ensure trigger requests will take effect."


@dataclass(frozen=True, slots=True)
class Step:
    """A Canvas step and its messages by variation id."""

    id: str
    name: str
    kind: str
    messages: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sendable:
    """A campaign or, with `steps`, a Canvas; `once_only` ones reach a person a single time."""

    id: str
    name: str
    is_campaign: bool
    description: str
    channels: tuple[str, ...]
    tags: tuple[str, ...]
    created_at: datetime
    edited_at: datetime
    messages: dict[str, dict[str, Any]] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    schedule_type: str = "api_triggered"
    archived: bool = False
    draft: bool = False
    enabled: bool = True
    is_api_campaign: bool = False
    once_only: bool = False

    @property
    def triggered(self) -> bool:
        """Whether trigger/send knows it: drafts and other schedules are refused."""
        return self.schedule_type == "api_triggered" and not self.draft

    @property
    def notice(self) -> str | None:
        """Why nothing goes out although the call succeeds. For campaigns the docs give no text; the Canvas's serves."""
        if not self.archived and self.enabled:
            return None
        return (ARCHIVED if self.archived else PAUSED).format("campaign" if self.is_campaign else "Canvas")

    def listed(self) -> dict[str, Any]:
        """The row in /campaigns/list or /canvas/list."""
        row = {"id": self.id, "last_edited": stamp(self.edited_at), "name": self.name, "tags": list(self.tags)}
        return row | ({"is_api_campaign": self.is_api_campaign} if self.is_campaign else {})

    def detailed(self) -> dict[str, Any]:
        """The answer of /campaigns/details or /canvas/details."""
        common = {
            "created_at": stamp(self.created_at),
            "updated_at": stamp(self.edited_at),
            "archived": self.archived,
            "draft": self.draft,
            "enabled": self.enabled,
            "has_post_launch_draft": False,
            "name": self.name,
            "description": self.description,
            "schedule_type": self.schedule_type,
            "channels": list(self.channels),
            "tags": list(self.tags),
            "teams": [],
        }
        sent = None if self.draft else stamp(self.edited_at)
        if self.is_campaign:
            first = None if self.draft else stamp(self.created_at)
            return common | {
                "first_sent": first,
                "last_sent": sent,
                "messages": self.messages,
                "conversion_behaviors": [],
            }
        return common | {"first_entry": sent, "last_entry": sent, "variants": [self._variant()], "steps": self._steps()}

    def _variant(self) -> dict[str, Any]:
        first = self.steps[0].id if self.steps else None
        return {"name": "Variant 1", "id": self.variation_id, "first_step_ids": [first], "first_step_id": first}

    def _steps(self) -> list[dict[str, Any]]:
        after = [step.id for step in self.steps[1:]]
        return [
            {
                "name": step.name,
                "type": step.kind,
                "id": step.id,
                "next_step_ids": after[index : index + 1],
                "next_paths": [{"name": "Default", "next_step_id": one} for one in after[index : index + 1]],
                "channels": sorted({message["channel"] for message in step.messages.values()}),
                "messages": step.messages,
            }
            for index, step in enumerate(self.steps)
        ]

    @property
    def variation_id(self) -> str:
        """The first variation's id."""
        return next(iter(self.messages), self.id[:-4] + "0001")

    def received(self, at: str) -> dict[str, Any]:
        """The entry in a profile's campaigns_received or canvases_received."""
        if self.is_campaign:
            engaged = dict.fromkeys(
                ("opened_email", "opened_push", "clicked_email", "clicked_triggered_in_app_message"), False
            )
            return {
                "name": self.name,
                "api_campaign_id": self.id,
                "last_received": at,
                "engaged": engaged,
                "converted": False,
                "variation_name": self.messages.get(self.variation_id, {}).get("name", "Variant 1"),
                "variation_api_id": self.variation_id,
                "in_control": False,
            }
        first = self.steps[:1]
        return {
            "name": self.name,
            "api_canvas_id": self.id,
            "last_received_message": at,
            "last_entered": at,
            "last_exited": None,
            "variation_name": "Variant 1",
            "in_control": False,
            "steps_received": [{"name": one.name, "api_canvas_step_id": one.id, "last_received": at} for one in first],
        }


@dataclass(frozen=True, slots=True)
class Library:
    """Campaigns and Canvases by id, the oldest first."""

    campaigns: dict[str, Sendable]
    canvases: dict[str, Sendable]


def stamp(moment: datetime) -> str:
    """Braze's ISO 8601 form with an offset."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S+00:00")
