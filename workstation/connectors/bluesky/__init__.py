"""Bluesky and every other server of the AT Protocol.

Pure: addresses, entities, text, facets, tid, measure, parse, records, labels, sources, jetstream, dpop, ignored.
Joined to the wire: channel, session and oauth (one signed-in account), pages and reading (catch-up and polling),
firehose (Jetstream), queue (reports of Ozone), views, outbound with its acts, pictures, sign_in.
"""
