"""An incident to take along: everything that is known of it, as data, as Markdown, and as a page to print.

``record.py`` says what that is, ``gather.py`` reads it, ``sections.py`` puts it in order for people, and
``markdown.py`` and ``page.py`` write it so that nothing in it acts.
"""
