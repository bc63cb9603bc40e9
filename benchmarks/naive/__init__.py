"""The design that comes to mind first, written once as the baseline and frozen since: it is never tuned or broken.

Peewee's `create` per message on the main thread, `json` into dictionaries, a `QListView` over a list model with the
workstation's own card painting as its delegate, inserts coalesced every 100 ms, search by LIKE.
"""
