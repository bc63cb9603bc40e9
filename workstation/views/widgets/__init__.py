"""Small widgets that pages share: they take data, emit signals and know no service."""
