"""One transaction as its parts by noun; when it begins and commits is the database's business."""

from __future__ import annotations

from storage.accounts import Accounts
from storage.cases import Cases
from storage.chats import Chats
from storage.cipher import KeyRing
from storage.connection import Connection
from storage.inbox import Inbox
from storage.journal import Journal
from storage.keys import Keys
from storage.messages import Messages
from storage.outbox import Outbox
from storage.people import People
from storage.pings import Pings
from storage.plans import Plans
from storage.readings import Readings
from storage.schools import Schools
from storage.tasks import Tasks
from storage.timers import Timers


class Transaction:
    """What can be read and promised within one turn."""

    def __init__(self, connection: Connection, ring: KeyRing) -> None:
        self.era = connection.era
        self.schools = Schools(connection)
        self.plans = Plans(connection)
        self.accounts = Accounts(connection)
        self.chats = Chats(connection)
        self.people = People(connection)
        self.inbox = Inbox(connection, ring)
        self.keys = Keys(connection, ring)
        self.cases = Cases(connection)
        self.journal = Journal(connection, self.keys, self.cases)
        self.outbox = Outbox(connection)
        self.messages = Messages(connection)
        self.timers = Timers(connection)
        self.tasks = Tasks(connection, self.keys)
        self.readings = Readings(connection)
        self.pings = Pings(connection)
