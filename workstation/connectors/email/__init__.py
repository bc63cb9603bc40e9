"""E-mail: one mailbox by IMAP and SMTP.

Pure: mime (bytes to readable mail), imap (its protocol), settings, capabilities, positions, directory, threads,
incoming, addressing, compose, files.
Joined to the wire: wire, imap.connection, submission, session (connections), fetching, whereabouts, folder and reading
(what comes), outbound and moving (what leaves), looking (what is asked for again), channel.
"""
