"""What the servers that do nothing read of a channel, as an application would at first."""

READ = (
    "Unique-ID", "Caller-Caller-ID-Number", "Caller-Caller-ID-Name", "Caller-Destination-Number", "Call-Direction",
    "Caller-Context", "Answer-State", "variable_sip_from_user",
)
