"""Networks on loopback, for the suite, for the connectors' own tests and for benchmarks."""
