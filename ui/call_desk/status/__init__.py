"""Where the patient is in each referral or list, and the words for it."""
