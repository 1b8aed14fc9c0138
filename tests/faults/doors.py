"""Every way in which the desk asks an outside service over HTTP, as the fault matrix opens it: with its stub, with something
to ask, and with secrets that no log may show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from connectors import (
    bars,
    elective_waiting_list,
    ers,
    fhir_r4,
    govuk_notify,
    gp_connect,
    mesh,
    nhs_notify,
    ods,
    pds,
    prescription_tracker,
    service_search,
    trust_portal,
    validated_relationships,
)
from connectors.bars.settings import BarsSettings
from connectors.bars.stub import serve as serve_bars
from connectors.elective_waiting_list.settings import ElectiveWaitingListSettings
from connectors.elective_waiting_list.stub import serve as serve_elective
from connectors.ers.documents import service_id
from connectors.ers.settings import ErsSettings
from connectors.ers.stub import serve as serve_ers
from connectors.fhir_r4.settings import FhirR4Settings
from connectors.fhir_r4.stub import serve as serve_fhir
from connectors.govuk_notify.settings import GovukNotifySettings
from connectors.govuk_notify.stub import STUB_KEY, GovukStub, HeldNotification
from connectors.govuk_notify.stub import serve as serve_govuk
from connectors.gp_connect.settings import GpConnectSettings
from connectors.gp_connect.stub import serve as serve_gp
from connectors.gp_connect.stub_directory import DIRECTORY_PATH, SITE
from connectors.mesh.settings import MeshSettings
from connectors.mesh.stub import MAILBOX, WORKFLOW, MeshStub
from connectors.mesh.stub import STUB_KEY as MESH_KEY
from connectors.mesh.stub import STUB_PASSWORD as MESH_PASSWORD
from connectors.mesh.stub import serve as serve_mesh
from connectors.nhs_notify.documents import HeldMessage
from connectors.nhs_notify.plans import PLANS
from connectors.nhs_notify.settings import NhsNotifySettings
from connectors.nhs_notify.stub import serve as serve_notify
from connectors.ods.settings import OdsSettings
from connectors.ods.stub import serve as serve_ods
from connectors.pds.settings import PdsSettings
from connectors.pds.stub import serve as serve_pds
from connectors.prescription_tracker.settings import PrescriptionTrackerSettings
from connectors.prescription_tracker.stub import serve as serve_tracker
from connectors.service_search.settings import ServiceSearchSettings
from connectors.service_search.stub import serve as serve_search
from connectors.stub_routes import Route, StubReply
from connectors.stub_server import StubServer
from connectors.trust_portal.settings import TrustPortalSettings
from connectors.trust_portal.stub import serve as serve_portal
from connectors.validated_relationships.settings import ValidatedRelationshipsSettings
from connectors.validated_relationships.stub import serve as serve_proxies
from helpdesk.clock import Clock, SystemClock
from helpdesk.desk.model import Port
from helpdesk.pathways.model import WorklistKind
from helpdesk.patients.query import understand
from helpdesk.practice.model import Area
from helpdesk.registry.contract import ConnectorContext
from helpdesk.signposting.model import Channel
from helpdesk.spool import Spool
from tests.connectors.conftest import FixedClock
from tests.connectors.tiny_area import JANE, NOW
from tests.connectors.token_server import pem, rsa_key
from tests.faults.fault_area import HOSPITAL, POSTCODE, fault_area

KEY = "canary-key-7d1c52e0a94b"
TOKEN = "canary-token-c08f3b6e12aa"
TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"
NOTIFY_ID, GOVUK_ID = "2WL3qFTEFM0qMY8xjRbt1LIKCzM", "740e5834-3a29-46b4-9a6f-16142fde533a"
WHO = understand(f"Jane Smith 01-Jan-1950 {POSTCODE}", NOW.date())
SERVICE = service_id(fault_area().referrals[0])
BY_KEY = {"sign_in": "api_key"}
MESSAGE = "20261122000000000000_A1B2C3"

Connect = Callable[[str, Mapping[str, Any], "Beside"], Any]


@dataclass(frozen=True)
class Beside:
    """What works and is needed by a door whose fault lies elsewhere: PDS behind a sign-in, practices behind a directory."""

    pds: str
    gp: str


def _nothing(_connector: Any) -> object:
    return None


@dataclass(frozen=True)
class Door:
    """`asked` says how the desk uses it: as a source of the enquiry, by the gate, for a value, or to send. `keeps`: an
    earlier answer stands in when it fails. `only_person`: the fault is shown of one person, what is general works;
    `only_route`: that request alone fails, what goes before it works."""

    name: str
    connector: str
    serve: Callable[[Area], StubServer]
    connect: Connect
    asked: Literal["source", "gate", "value", "sender"] = "source"
    port: Port | None = None
    value: Callable[[Any], object] = _nothing
    keeps: bool = False
    only_person: bool = False
    only_route: str = ""
    signs_in: bool = False


def secrets_of(connector: str) -> dict[str, str]:
    mesh_secrets = {"shared_key": MESH_KEY, "mailbox_password": MESH_PASSWORD}
    return mesh_secrets | {"api_key": STUB_KEY if connector == "govuk_notify" else KEY, "private_key": PRIVATE_KEY, "id_token": TOKEN}


PRIVATE_KEY = pem(rsa_key())


def _context(connector: str, label: str, clock: Clock | None = None) -> ConnectorContext:
    held = secrets_of(connector)
    return ConnectorContext(connector, label, "XICB", clock or FixedClock(), held.__getitem__, "NerveCentreHelpdesk/1.0")


def _plain(connector: str, label: str, settings: type[Any], module: Any, **own: Any) -> Connect:
    def connect(address: str, told: Mapping[str, Any], _beside: Beside) -> Any:
        return module.connect(settings(base_url=address, **{**own, **told}), _context(connector, label))

    return connect


def _directory(address: str, told: Mapping[str, Any], beside: Beside) -> Any:
    own = {"base_url": beside.gp.removesuffix(SITE), "sds_url": f"{address.removesuffix(SITE)}{DIRECTORY_PATH}", "sds_sign_in": "none"}
    return gp_connect.connect(GpConnectSettings(**{**own, **told}), _context("gp_connect", "GP Connect"))


def _signed(address: str, told: Mapping[str, Any], beside: Beside) -> Any:
    own = {"base_url": beside.pds, "mode": "application", "sign_in": "signed_jwt", "token_url": f"{address}/oauth2/token", "key_id": "k"}
    return pds.connect(PdsSettings(**{**own, **told}), _context("pds", "PDS", SystemClock()))


def _serve_tokens(_area: Area) -> StubServer:
    token = StubReply(200, {"access_token": TOKEN, "expires_in": "600", "token_type": "Bearer"}, content_type="application/json")
    return StubServer([Route("POST", "/oauth2/token", lambda _request: token)])


def _serve_govuk(area: Area) -> GovukStub:
    server = serve_govuk(area)
    server.keep_time(lambda: NOW)
    return server


def _serve_sent(area: Area) -> StubServer:
    server = serve_notify(area)
    server._notify.messages.append(HeldMessage(NOTIFY_ID, "r-1", PLANS[Channel.SMS, "no"].id, str(JANE), {}))
    return server


def _serve_govuk_sent(area: Area) -> StubServer:
    server = _serve_govuk(area)
    server._notify.held.append(HeldNotification(GOVUK_ID, "sms", "r-1", TEMPLATE, "07700900123", {}))
    return server


def _serve_mesh(area: Area) -> MeshStub:
    server = serve_mesh(area)
    server.keep_time(lambda: NOW)
    server.mailbox.put("list.csv", b"a,b\r\n1,2\r\n", packed=False)
    return server


def _fetched(mailbox: Any) -> object:
    """The one message whole, and nothing of it left behind."""
    with TemporaryDirectory(prefix="faults-") as folder:
        delivery = mailbox.fetch(MESSAGE, Spool(Path(folder) / "spool"))
        with delivery.file.open("rb") as file:
            return file.read()


def _source(name: str, connector: str, serve: Callable[[Area], StubServer], connect: Connect, port: Port, **more: Any) -> Door:
    return Door(name, connector, serve, connect, "source", port, **more)


_ACTIVITY = Port.HOSPITAL_ACTIVITY
_BARS = _plain("bars", "BaRS", BarsSettings, bars, provider="XUC01", **BY_KEY)
_GOVUK = _plain("govuk_notify", "GOV.UK Notify", GovukNotifySettings, govuk_notify, sms_template=TEMPLATE)
_MESH = _plain("mesh", "MESH", MeshSettings, mesh, mailbox=MAILBOX, workflows=(WORKFLOW,))
_NOTIFY = _plain("nhs_notify", "NHS Notify", NhsNotifySettings, nhs_notify, **BY_KEY)
_FHIR = _plain("fhir_r4", "Fenmoor records", FhirR4Settings, fhir_r4, **BY_KEY)
_FHIR_AT_ONCE = _plain("fhir_r4", "Fenmoor records", FhirR4Settings, fhir_r4, patient_by="patient.identifier", **BY_KEY)
_ERS = _plain("ers", "e-RS", ErsSettings, ers, **BY_KEY)
_GP = _plain("gp_connect", "GP Connect", GpConnectSettings, gp_connect)
_PDS = _plain("pds", "PDS", PdsSettings, pds, **BY_KEY)
_ODS = _plain("ods", "ODS", OdsSettings, ods, **BY_KEY)
_PORTAL = {"identity": "issued", **BY_KEY}
_AGGREGATOR = _plain("trust_portal", "Patient portals", TrustPortalSettings, trust_portal, shape="aggregator", **_PORTAL)

DOORS: tuple[Door, ...] = (
    Door("PDS, one person", "pds", serve_pds, _PDS, "gate", keeps=True),
    Door("PDS, search", "pds", serve_pds, _plain("pds", "PDS", PdsSettings, pds), "value", value=lambda c: c.trace(WHO)),
    Door(
        "PDS, related people", "pds", serve_pds, _plain("pds", "PDS", PdsSettings, pds, **BY_KEY), "value", value=lambda c: c.related(JANE)
    ),
    Door("sign-in by signed token", "pds", _serve_tokens, _signed, "value", value=lambda c: c.get(JANE), signs_in=True),
    _source("e-RS", "ers", serve_ers, _ERS, Port.REFERRALS, keeps=True),
    Door("e-RS, worklist", "ers", serve_ers, _ERS, "value", value=lambda c: [c.entries(WorklistKind.REFERRALS_FOR_REVIEW, SERVICE)]),
    _source("GP Connect", "gp_connect", serve_gp, _GP, Port.PRACTICE_APPOINTMENTS),
    _source(
        "GP Connect, appointments", "gp_connect", serve_gp, _GP, Port.PRACTICE_APPOINTMENTS, only_route="GET /Patient/{id}/Appointment"
    ),
    _source("GP Connect, directory", "gp_connect", serve_gp, _directory, Port.PRACTICE_APPOINTMENTS),
    _source("FHIR R4", "fhir_r4", serve_fhir, _FHIR, _ACTIVITY, keeps=True),
    _source("FHIR R4, by identifier", "fhir_r4", serve_fhir, _FHIR_AT_ONCE, _ACTIVITY, only_person=True),
    _source(
        "trust portal",
        "trust_portal",
        serve_portal,
        _plain("trust_portal", "Ousebank portal", TrustPortalSettings, trust_portal, **_PORTAL),
        _ACTIVITY,
        keeps=True,
    ),
    _source("portal aggregator", "trust_portal", serve_portal, _AGGREGATOR, _ACTIVITY, keeps=True),
    _source("BaRS", "bars", serve_bars, _BARS, _ACTIVITY, keeps=True, only_person=True),
    _source("BaRS, what is offered", "bars", serve_bars, _BARS, _ACTIVITY),
    _source(
        "Elective Waiting List",
        "elective_waiting_list",
        serve_elective,
        _plain("elective_waiting_list", "National list", ElectiveWaitingListSettings, elective_waiting_list, **BY_KEY),
        _ACTIVITY,
        keeps=True,
    ),
    _source(
        "prescription tracker",
        "prescription_tracker",
        serve_tracker,
        _plain("prescription_tracker", "Prescriptions", PrescriptionTrackerSettings, prescription_tracker, **BY_KEY),
        Port.PRESCRIPTIONS,
    ),
    Door(
        "validated relationships",
        "validated_relationships",
        serve_proxies,
        _plain("validated_relationships", "The NHS proxy service", ValidatedRelationshipsSettings, validated_relationships, **BY_KEY),
        "value",
        value=lambda c: c.proxies(JANE),
    ),
    Door("ODS, one organisation", "ods", serve_ods, _ODS, "value", value=lambda c: c.organisation(HOSPITAL)),
    Door("ODS, search", "ods", serve_ods, _ODS, "value", value=lambda c: c.search("Fenmoor")),
    Door(
        "service search",
        "service_search",
        serve_search,
        _plain("service_search", "Service directory", ServiceSearchSettings, service_search, **BY_KEY),
        "value",
        value=lambda c: c.find("Pharmacy", POSTCODE),
    ),
    Door("MESH, what waits", "mesh", _serve_mesh, _MESH, "value", value=lambda c: c.arrived()),
    Door("MESH, a file", "mesh", _serve_mesh, _MESH, "value", value=_fetched),
    Door("NHS Notify, sending", "nhs_notify", serve_notify, _NOTIFY, "sender"),
    Door("NHS Notify, status", "nhs_notify", _serve_sent, _NOTIFY, "value", value=lambda c: c.status(NOTIFY_ID)),
    Door("GOV.UK Notify, looking before", "govuk_notify", _serve_govuk, _GOVUK, "sender"),
    Door("GOV.UK Notify, sending", "govuk_notify", _serve_govuk, _GOVUK, "sender", only_person=True),
    Door("GOV.UK Notify, status", "govuk_notify", _serve_govuk_sent, _GOVUK, "value", value=lambda c: c.status(GOVUK_ID)),
)
NO_HTTP = {"deep_link", "waiting_list_extract"}
"""Connectors that ask nobody over HTTP."""
CANARIES: tuple[str, ...] = (
    KEY,
    TOKEN,
    STUB_KEY,
    STUB_KEY[-36:],
    MESH_KEY,
    MESH_PASSWORD,
    PRIVATE_KEY.splitlines()[5],
    str(JANE),
    f"{str(JANE)[:3]} {str(JANE)[3:6]} {str(JANE)[6:]}",
    POSTCODE,
    POSTCODE.replace(" ", ""),
    POSTCODE.replace(" ", "%20"),
    POSTCODE.replace(" ", "+"),
    "07700900123",
)
