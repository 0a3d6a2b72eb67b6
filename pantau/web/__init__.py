"""The pages that people at Bawaslu open, in Indonesian: rendered here, whole without JavaScript.

``app.create_app`` puts them together; each page has a file in ``pages``; ``security`` says
who may see what, ``api`` gives the same as JSON.
"""
