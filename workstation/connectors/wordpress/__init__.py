"""WordPress: the comments of a site, by its REST API and an application password."""
