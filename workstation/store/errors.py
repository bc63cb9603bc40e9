"""What can go wrong with the store itself, told apart so that people can be told what to do."""

from workstation.domain.errors import MeridianError
from workstation.domain.text import N_


class StoreError(MeridianError):
    """The store cannot do what was asked; nothing of it was done."""

    code = "store"
    sentence = N_("The desk’s database reported an error: {why}")


class StoreBusyError(StoreError):
    """Another process owns the store."""

    code = "store_busy"
    sentence = N_("This profile is already open in another Meridian.")


class StoreCorruptError(StoreError):
    """The file is damaged or no database at all."""

    code = "store_corrupt"
    sentence = N_("The desk’s database is damaged and was left untouched. Restore a backup, or move the file away.")


class StoreNewerError(StoreError):
    """The file was written by a newer version of the product."""

    code = "store_newer"
    sentence = N_("The desk’s database was written by a newer Meridian (format {found}, this one knows {known}).")


class StoreFullError(StoreError):
    """The disk is full or may not be written to."""

    code = "store_full"
    sentence = N_("The desk’s database cannot be written: the disk is full or write-protected.")


class StoreClosedError(StoreError):
    """The store was closed before the work could be done."""

    code = "store_closed"
    sentence = N_("The desk’s database is closed.")
