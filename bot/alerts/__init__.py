"""Alerts: what arrives from monitoring, by webhook or as a post in chat, and what follows from it.

``alert.py`` is one alert as it arrived, ``tracked.py`` what is kept of all that bear the same dedupe key, ``source.py``
what a sender's adapter does, ``deciding.py`` the playbook's rules, and ``intake.py`` where alerts become incidents.
"""
