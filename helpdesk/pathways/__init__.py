"""Where a patient is in a referral or on a list, and the honest words for it."""
