"""Cases, subscriptions, mails and their delivery."""
