"""Windows beside the main one: columns that were torn off, on whatever screen they were put."""
