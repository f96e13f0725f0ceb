"""The only writers of state in the loop: surveys, reviews, cases.

Lock order: the case row first; nothing below it is locked apart.
"""
