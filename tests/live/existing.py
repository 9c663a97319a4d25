"""A FreeSWITCH that has a configuration of its own, laid out as FreeSWITCH's usual one, to which fsctl is added.

It is added as docs/install.md says: what lies in freeswitch_conf/beside, and two lines in own files.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.live.lab import Lab

CONF = Path(__file__).parents[2] / "freeswitch_conf"

#: Where the files of ``beside`` look for the others, and for what is made from the office.
_INSTALLED, _DIRECTORY = "/opt/fsctl/share/fsctl/freeswitch_conf", "/etc/fsctl/freeswitch"
_MODULES = (
    "logfile", "commands", "dptools", "expr", "hash", "dialplan_xml", "event_socket", "sofia", "loopback", "conference",
    "tone_stream", "native_file", "sndfile")

FREESWITCH = """<document type="freeswitch/xml">
<X-PRE-PROCESS cmd="set" data="domain=127.0.0.1"/>
<X-PRE-PROCESS cmd="set" data="domain_name=$${{domain}}"/>
<X-PRE-PROCESS cmd="set" data="hold_music=tone_stream://v=-20;%(250,4750,440);loops=-1"/>
<section name="configuration">
<configuration name="switch.conf"><settings>
<param name="loglevel" value="info"/>
<param name="sessions-per-second" value="2000"/>
<param name="rtp-start-port" value="{first}"/>
<param name="rtp-end-port" value="{last}"/>
</settings></configuration>
<configuration name="modules.conf"><modules>{modules}</modules></configuration>
<configuration name="event_socket.conf"><settings>
<param name="listen-ip" value="127.0.0.1"/>
<param name="listen-port" value="{esl}"/>
<param name="password" value="ClueCon"/>
</settings></configuration>
<configuration name="conference.conf">
<caller-controls><group name="default"><control action="hangup" digits="#"/></group></caller-controls>
<profiles>
<profile name="default"><param name="enter-sound" value="tone_stream://%(200,0,500)"/></profile>
<profile name="fsctl">
<X-PRE-PROCESS cmd="include" data="{installed}/conference_profile.xml"/>
</profile>
</profiles></configuration>
<configuration name="sofia.conf"><profiles>
<profile name="internal"><settings>
<param name="context" value="public"/>
<param name="auth-calls" value="true"/>
<param name="sip-port" value="{sip}"/>
{common}
<X-PRE-PROCESS cmd="include" data="{installed}/sip_profiles/phones/settings.xml"/>
</settings></profile>
<profile name="external"><gateways>
<X-PRE-PROCESS cmd="include" data="{gateways}/*.xml"/>
</gateways><settings>
<param name="context" value="public"/>
<param name="auth-calls" value="false"/>
<param name="sip-port" value="{trunk}"/>
{common}
</settings></profile>
</profiles></configuration>
</section>
<section name="dialplan">
<X-PRE-PROCESS cmd="include" data="dialplan/*.xml"/>
</section>
<section name="directory">
<X-PRE-PROCESS cmd="include" data="directory/*.xml"/>
</section>
</document>
"""

COMMON = """<param name="dialplan" value="XML"/>
<param name="sip-ip" value="127.0.0.1"/>
<param name="rtp-ip" value="127.0.0.1"/>
<param name="inbound-codec-prefs" value="PCMU"/>
<param name="outbound-codec-prefs" value="PCMU"/>
<param name="inbound-late-negotiation" value="true"/>
<param name="rtp-timer-name" value="soft"/>"""

DEFAULT = r"""<include>
<context name="default">
<extension name="own extensions">
<condition field="destination_number" expression="^(10[01][0-9])$">
<action application="set" data="hangup_after_bridge=true"/>
<action application="set" data="call_timeout=20"/>
<action application="bridge" data="user/$1@${domain}"/>
</condition>
</extension>
<extension name="operator">
<condition field="destination_number" expression="^(?:operator|\*55)$">
<action application="transfer" data="1000 XML default"/>
</condition>
</extension>
<X-PRE-PROCESS cmd="include" data="default/*.xml"/>
</context>
</include>
"""

PUBLIC = r"""<include>
<context name="public">
<extension name="own number">
<condition field="destination_number" expression="^\+?493055599$">
<action application="transfer" data="1000 XML default"/>
</condition>
</extension>
<X-PRE-PROCESS cmd="include" data="public/*.xml"/>
</context>
</include>
"""

DIRECTORY = """<include>
<domain name="$${domain}">
<params><param name="dial-string" value="{^^:sip_invite_domain=${dialed_domain}:presence_id=${dialed_user}@${dialed_domain}}${sofia_contact(*/${dialed_user}@${dialed_domain})}"/></params>
<groups><group name="default"><users>
<X-PRE-PROCESS cmd="include" data="default/*.xml"/>
</users></group></groups>
</domain>
</include>
"""

USER = """<include>
<user id="{user}">
<params><param name="password" value="{password}"/></params>
<variables>
<variable name="user_context" value="default"/>
<variable name="effective_caller_id_name" value="Extension {user}"/>
<variable name="effective_caller_id_number" value="{user}"/>
</variables>
</user>
</include>
"""


class Existing:
    """``users`` are its own extensions, of those that begin with 10 and have four digits."""

    def __init__(self, *users: str) -> None:
        self.users = users

    def written(self, lab: Lab, folder: Path) -> Path:
        """The configuration, for the ports of ``lab``."""
        shutil.copytree(CONF / "beside", folder)
        for file in folder.rglob("*.xml"):
            text = file.read_text("utf-8").replace(_INSTALLED, str(CONF))
            file.write_text(text.replace(_DIRECTORY, str(lab.folder / "generated")), "utf-8")
        first, last = lab.audio["switch"]
        for name, text in {
            "freeswitch.xml": FREESWITCH.format(
                first=first, last=last, modules="".join(f'<load module="mod_{each}"/>' for each in _MODULES),
                esl=lab.esl_port, installed=CONF, sip=lab.sip_port, trunk=lab.trunk_port, common=COMMON,
                gateways=lab.folder / "generated" / "gateways"),
            "dialplan/default.xml": DEFAULT, "dialplan/public.xml": PUBLIC, "directory/default.xml": DIRECTORY,
            **{f"directory/default/{user}.xml": USER.format(user=user, password=lab.password(user)) for user in self.users},
        }.items():
            (folder / name).write_text(text, "utf-8")
        return folder
