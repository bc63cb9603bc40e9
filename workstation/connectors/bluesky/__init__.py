"""Bluesky and every other server of the AT Protocol.

Pure: addresses, entities, ozone, media, text, facets, tid, measure, parse, records, labels, sources, jetstream, dpop,
ignored.
Joined to the wire: channel, session and oauth (one signed-in account), pages, polling and reading (catch-up and live),
firehose (Jetstream), queue (reports of Ozone), past, views, outbound with its acts, pictures, sign_in.
"""
