"""Live figures of demand and queue: about customers and waiting work, never about a person."""
