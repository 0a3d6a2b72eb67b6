"""The Scrapy project: brings pages in, and knows nothing of what they say."""
