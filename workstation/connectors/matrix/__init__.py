"""Matrix: rooms on any homeserver of the client-server API."""
