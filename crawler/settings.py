"""Scrapy's settings. What differs by source is set by its spider; see docs for operators'
own settings, which stand in config/ and not here."""

BOT_NAME = "pantau"
SPIDER_MODULES = ["crawler.spiders"]

# One asyncio loop carries everything; names are resolved behind the guard.
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
TWISTED_DNS_RESOLVER = "crawler.guard.GuardedResolver"

# Only http and https, through the handler that keeps turns and addresses.
DOWNLOAD_HANDLERS = {
    "http": "crawler.handler.PoliteHandler",
    "https": "crawler.handler.PoliteHandler",
    "file": None,
    "ftp": None,
    "data": None,
    "s3": None,
}
DOWNLOAD_VERIFY_CERTIFICATES = True
HTTPPROXY_ENABLED = False  # crawler/handler.py knows the proxy, and guards what it is asked for
COOKIES_ENABLED = False
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "id,en;q=0.5",
}
METAREFRESH_ENABLED = False
REDIRECT_MAX_TIMES = 5

# A failed request is repeated at once rather than after all others, so that single failures
# are not taken for a host that is down.
RETRY_TIMES = 2
RETRY_PRIORITY_ADJUST = 1
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # the page's row tells

# Turns and delays belong to the host, not to the crawl (crawler/politeness.py).
DOWNLOAD_DELAY = 0
CONCURRENT_REQUESTS = 16
CONCURRENT_ITEMS = 1  # we yield none, and Scrapy starts so many tasks for every answer

# RFC 9309 by our own middleware; each redirect is looked at; every status reaches the spider.
ROBOTSTXT_OBEY = True
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,
    "scrapy.downloadermiddlewares.stats.DownloaderStats": None,
    "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware": None,
    "crawler.sites.SiteMiddleware": 50,
    "crawler.robots.RobotsMiddleware": 100,
}
# These drop or filter requests without a word to the errback.
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
}
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"  # rows are unique already

# Nothing listens, nothing is counted twice: a run's account is ours, and every extension costs each
# poll its making.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
EXTENSIONS = {
    "scrapy.extensions.corestats.CoreStats": None,
    "scrapy.extensions.logcount.LogCount": None,
    "scrapy.extensions.telnet.TelnetConsole": None,
    "scrapy.extensions.memusage.MemoryUsage": None,
    "scrapy.extensions.memdebug.MemoryDebugger": None,
    "scrapy.extensions.closespider.CloseSpider": None,
    "scrapy.extensions.feedexport.FeedExporter": None,
    "scrapy.extensions.logstats.LogStats": None,
    "scrapy.extensions.spiderstate.SpiderState": None,
    "scrapy.extensions.throttle.AutoThrottle": None,
    "scrapy.extensions.remote_control.RemoteControl": None,
}
STATS_CLASS = "scrapy.statscollectors.DummyStatsCollector"
STATS_DUMP = False
LOG_LEVEL = "INFO"
