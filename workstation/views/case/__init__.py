"""Working a case: thread, history, notes, the reply and what the network lets us do."""
