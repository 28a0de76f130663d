"""Pictures: drawn anew in a process of its own, kept in folders of our own, shown to those who may see their text."""
