"""HTTP and WebSocket for connectors: plain requests in, plain answers out, typed errors, caps on size and time."""
