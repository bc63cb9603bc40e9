"""Learning the work on the practice desk: courses with steps, what was done of them, and a look back."""
