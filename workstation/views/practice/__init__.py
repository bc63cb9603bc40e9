"""Courses in the practice desk: choosing one, its steps, and the look back."""
