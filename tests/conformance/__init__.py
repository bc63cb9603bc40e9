"""The suite that every connector passes: what the contract in `connectors.base` promises, tried over real sockets."""
