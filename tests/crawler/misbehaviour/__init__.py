"""What servers do wrong, in one table: each behaviour with the outcome that it must end in.

Every behaviour is a site of its own, on an address of its own of one local server (``street``), so
that all are crawled at once. ``indexes`` and ``platforms`` say how the indexes of each kind of way
in misbehave, and their robots.txt; ``pages`` how pages do, whatever named them. A new kind, or a
server that was seen to do something new, gets its line here.
"""
