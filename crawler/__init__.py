"""The Scrapy project: brings pages in, and knows nothing of what they say.

``run``         the way in for the rest of Pantau: ``crawl``, ``fetch_pictures``, ``run_in_reactor``
``alone``       the same for an operator's ``scrapy crawl``
``spiders``     one for each kind of way in; ``feeds`` and ``listings`` read what they bring
``ledger``      what a run writes to the state database
``verdicts``    what an answer or a failure means for a page; ``outcome`` for the run
``turns``       which sources are crawled at once
``handler``     where every request leaves: in its turn (``politeness``), guarded (``guard``)
``robots``      robots.txt for the whole process; ``noindex`` what a page itself asks
``revisit``     asking an index again only for what has changed
``parts``       articles that go on on further pages
``sites``       where redirects may lead
``archive``     the bytes
"""
