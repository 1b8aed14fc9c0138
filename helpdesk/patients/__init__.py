"""Who the patient is: identity, needs and sensitivity, and finding one person among many."""
