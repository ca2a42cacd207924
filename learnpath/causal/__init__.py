"""Causal-loop diagrams as text: read, searched for circles, and drawn."""
