"""IMAP (RFC 3501, 9051) as a client speaks it.

Pure: framing (bytes to responses), tokens (a response's values), answers (what they mean), structure (BODYSTRUCTURE),
words (what a client writes). Joined to the wire: connection.
"""
