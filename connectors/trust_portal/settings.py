"""What a portal instance can be told."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from connectors.http_settings import HttpSettings

LEAVES_OUT = (
    "A portal leaves out people under 16, restricted records and some clinics and specialties: no appointment shown does not mean none."
)


class TrustPortalSettings(HttpSettings):
    """`base_url` ends where the trust's own paths begin. The standard gives a portal 9 seconds and the aggregator 10."""

    timeout_s: float = Field(default=9.5, gt=0, le=60, title="Time-out (seconds)", description="The longest one look-up may take")
    shape: Literal["producer", "aggregator"] = Field(
        default="producer", title="Shape", description="producer: one trust's portal; aggregator: the national one, where agreed"
    )
    appointment_path: str = Field(default="/Appointment", title="Appointments", description="Path; empty where there are none")
    task_path: str = Field(default="/Task", title="Tasks", description="Path of questionnaires to fill in; empty where there are none")
    events_path: str = Field(default="/aggregator/events", title="Events", description="Path of the aggregator")
    provider: str = Field(
        default="", pattern=r"^([A-Z0-9]{3,12})?$", title="Provider", description="ODS code, for what does not say its provider"
    )
    identity: Literal["staff", "issued"] = Field(
        default="staff",
        title="Identity token",
        description="Whose goes along: staff, the member of staff's own (CIS2); issued, one that the trust gave this desk",
    )
    source_names: dict[str, str] = Field(
        default={}, title="Names of sources", description="How the desk calls the systems behind it that may fail: myportal-01 = …"
    )
    limits: str = Field(default=LEAVES_OUT, min_length=1, title="What it leaves out", description="One sentence for the desk")

    @field_validator("appointment_path", "task_path", "events_path")
    @classmethod
    def _is_a_path(cls, path: str) -> str:
        if path and (not path.startswith("/") or any(c in path for c in "?#\\ ") or ".." in path):
            raise ValueError("a path starts with / and holds no question mark, # or space")
        return path
