"""Which provider of translations a desk is set up with: plain data, kept in the settings."""

import msgspec


class ProviderConfig(msgspec.Struct, frozen=True):
    """A configured provider; `settings` follow the manifest's fields. Without a kind there is none."""

    kind: str = ""
    server: str = ""
    secret: str = ""
    """Reference to the key: `env:VAR` or `keyring:NAME`; empty where none is needed."""
    settings: dict[str, str] = {}

    @property
    def configured(self) -> bool:
        """Whether there is a provider at all."""
        return bool(self.kind)
