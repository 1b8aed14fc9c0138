"""How a service is told who is asking: API key, signed JWT, SMART backend services, and the national sign-in (CIS2)."""
