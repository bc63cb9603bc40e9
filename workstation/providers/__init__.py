"""Machine translation over HTTP, one module for each kind of provider; only one that is configured is ever asked."""
