"""Bytes of strangers to readable mail; pure, total, every size and depth has a cap.

`mail.read` gives a Mail or says why it cannot be read. Nothing in here opens a connection: what a mail names is never
loaded.
"""
