"""Where the patient is registered and what is booked there."""
