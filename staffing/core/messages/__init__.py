"""Keeps the translations whole: collects Chinese source texts, merges the catalogue, checks and compiles it.

Needs neither GNU gettext nor the settings, so that an installation can compile before it is configured. The source
language (zh-hans) has no catalogue of its own: Django ships one for its own words, which makes the language known,
and a source text that is not found is shown as it is.
"""
