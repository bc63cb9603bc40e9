"""The tabs of the page of posts, by their place."""

WRITE, CALENDAR = 0, 1
