"""SIP clients that nobody here wrote, as telephones of the lab."""

from tests.live.clients.baresip import Baresip as Baresip
