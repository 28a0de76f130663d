"""The tables of the ledger and of what it honours; one aggregate a file."""
