"""Rules: the page where they are written, ordered and tried out, and what it says of what they did."""
