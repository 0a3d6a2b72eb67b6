"""What each platform answers, read into posts: bytes in, values out, no request and no database.

A stranger's answer raises nothing here: what is no post is passed over, and an answer that is none
has its ``problem``.
"""
