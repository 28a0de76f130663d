"""The tables of the ledger and of what it honours; one aggregate a file."""

from rewards.models.breach import Breach
from rewards.models.ledger import Account, Currency, Entry, OwnerKind, Transfer
from rewards.models.seal import Seal, Unsealed

__all__ = ["Account", "Breach", "Currency", "Entry", "OwnerKind", "Seal", "Transfer", "Unsealed"]
