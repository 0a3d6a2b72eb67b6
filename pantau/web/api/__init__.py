"""The same as the pages, for programs: JSON under ``/api/v1`` (``app``, described by
``reference``), ``exports`` of all hits, and ``feeds`` of saved searches.
"""
