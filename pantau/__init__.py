"""Pantau: watches regional news for likely breaches of civil-service neutrality."""
