"""Small models of stocks and flows: read, checked, and simulated."""
