"""What greenswitch's application does here: reads eight headers and hangs up."""

from greenswitch.esl import OutboundSession

from load.servers.headers import READ


class Application:
    def __init__(self, session: OutboundSession) -> None:
        self.session = session

    def run(self) -> None:
        for name in READ:
            self.session.session_data[name]
        self.session.hangup()
