"""Forms parse what people type and show it again with what to mend; the operations decide."""
