"""Who may come in, and what they may see and do.

``middleware`` stands before every page: it finds out who asks, refuses what no page has to
think of, and sets the headers. ``rights`` says which role may do what and where. ``login`` and
``passwords`` let people in; ``doors`` says on which address the pages may be served at all.
"""
