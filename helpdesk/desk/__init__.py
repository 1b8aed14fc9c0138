"""Work that crosses features: the gate, asking every source, one call from ring to wrap-up."""
