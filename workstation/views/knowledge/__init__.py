"""Articles and guidelines: beside the reply while one writes, and on their own pages where they are kept."""
