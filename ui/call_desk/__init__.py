"""The call desk: one call, from ring to wrap-up."""
