"""Feeds: what sites publish as RSS, Atom or JSON Feed, read with care for their servers."""
