"""Alerts: what arrives from monitoring, by webhook or as a post in chat, and what follows from it.

``alert.py`` is one alert as it arrived, ``tracked.py`` what is kept of all that bear the same dedupe key, ``source.py``
what a sender's adapter does, ``deciding.py`` the playbook's rules, ``intake.py`` where alerts are taken up, and
``acting.py`` where they become incidents.

For those adapters: ``foreign.py`` reads JSON with distrust, ``grouped.py``, ``headline.py`` and ``labels.py`` what
Alertmanager and those that follow it send and post, ``reading.py`` other posts, and ``measures.py`` figures that are
stated in words.
"""
