"""What each port of a connector consists of, for whoever checks a connector from outside."""

from __future__ import annotations

from types import MappingProxyType

from helpdesk.callers.ports import Authorities
from helpdesk.desk.deliveries import Deliveries
from helpdesk.desk.model import Port
from helpdesk.desk.ports import ExtractReader, Link
from helpdesk.directory.ports import CareServices, Organisations
from helpdesk.pathways.ports import HospitalActivity, Referrals, Worklists
from helpdesk.patients.ports import Demographics
from helpdesk.primary_care.ports import PracticeAppointments, Prescriptions
from helpdesk.registry.instances import Ports
from helpdesk.signposting.ports import MessageSender

PORTS = Ports(
    MappingProxyType(
        {
            Port.DEMOGRAPHICS: Demographics,
            Port.WAITING_LISTS: None,
            Port.REFERRALS: Referrals,
            Port.WORKLISTS: Worklists,
            Port.HOSPITAL_ACTIVITY: HospitalActivity,
            Port.PRACTICE_APPOINTMENTS: PracticeAppointments,
            Port.PRESCRIPTIONS: Prescriptions,
            Port.AUTHORITY: Authorities,
            Port.ORGANISATIONS: Organisations,
            Port.SERVICES: CareServices,
            Port.MESSAGES: MessageSender,
            Port.EXTRACTS: ExtractReader,
            Port.LINKS: Link,
            Port.DELIVERIES: Deliveries,
        }
    )
)
