"""Spiders by kind of way in, never by site."""
