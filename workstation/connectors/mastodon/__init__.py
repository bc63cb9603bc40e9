"""Mastodon and every server that speaks its API.

Pure: entities, text, parse, requests, answers, software, capabilities, measure, sources, events, sending, ignored.
Joined to the wire: channel, session (one opened account), reading (catch-up and live), outbound, sign_in.
"""
