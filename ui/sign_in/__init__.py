"""Who is at the desk: sign-in, or a role to practise in."""
