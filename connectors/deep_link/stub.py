"""The system behind a link, in the practice area: one page that says what would be open here."""

from __future__ import annotations

from connectors.stub_routes import Route, StubReply, StubRequest
from connectors.stub_server import StubServer
from helpdesk.practice.model import Area

_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Practice: another system</title></head>
<body style="font-family: sans-serif; margin: 3em"><h1>Practice area</h1>
<p>On a live desk the shared care record would be open here, in your browser and with your own sign-in{patient}.</p></body></html>"""


def serve(area: Area, port: int = 0, instance: str = "deep_link") -> StubServer:  # noqa: ARG001  # every stub is started alike
    """Starts it on loopback; port 0 takes a free one."""
    return StubServer([Route("GET", "/record", _page)], port=port)


def _page(request: StubRequest) -> StubReply:
    told = any(name == "patient" for name, _ in request.params)
    page = _PAGE.format(patient=", at the patient of your call" if told else "")
    return StubReply(200, page.encode(), content_type="text/html; charset=utf-8")
