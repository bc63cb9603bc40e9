"""The page of templates: the library with its editor, articles and guidelines."""
