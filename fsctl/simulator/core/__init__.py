"""What the switch has before it has calls: events, times, sounds, mailboxes, causes."""
