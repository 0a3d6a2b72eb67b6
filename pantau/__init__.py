"""Pantau: watches regional news for likely breaches of civil-service neutrality."""

import os

# Work is shared out among processes, a core each; threads inside each of them only wait for one
# another, and how many there are may change the last digits of a sum. Read when numpy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
