"""An application as people write them for greenswitch: it knows greenswitch's session, and nothing of fsctl."""

import gevent
from greenswitch.esl import OutboundSessionHasGoneAway

BEEP = "tone_stream://%(300,50,440)"
LONG = "tone_stream://%(60000,0,440)"
MUSIC = "tone_stream://%(250,4750,440);loops=-1"

#: Times in ms: one key, two tries of three seconds each.
QUESTION = ("1", "1", "2", "3000", "#", BEEP, BEEP, "answer", r"\d", "1000", "''")


class Survey:
    """Greets, asks for a number, has music play while it thinks, and says goodbye."""

    #: What the callers came to, newest last.
    calls: list["Survey"] = []

    greeting = BEEP

    def __init__(self, session):
        self.session = session
        self.did = []
        self.keys = []
        self.error = None
        Survey.calls.append(self)

    def run(self):
        try:
            self.talk()
        except OutboundSessionHasGoneAway as error:
            self.error = error
        finally:
            self.session.stop()
            self.did.append("stopped")

    def talk(self):
        session = self.session
        session.myevents()
        session.linger(5)
        session.register_handle("DTMF", lambda event: self.keys.append(event.headers["DTMF-Digit"]))
        # The dialplan's watchdog, which would take the call back after three seconds.
        assert session.send("api sched_del " + session.uuid).data.startswith("+OK")
        assert session.answer().startswith("+OK")
        self.did.append("answered")
        heard = session.playback(self.greeting)
        assert heard.headers["Application-Response"] == "FILE PLAYED"
        self.did.append("greeted")
        self.did.append(session.play_and_get_digits(*QUESTION, block=True, response_timeout=20))
        session.playback(MUSIC, block=False)
        with session.while_connected():
            gevent.sleep(0.5)
        session.uuid_break()
        session.hangup()
        self.did.append("hung up")


class LongSurvey(Survey):
    """Its greeting takes a minute."""

    greeting = LONG
