"""The invented district: one published year, and a living present, made from a seed.

The sign-in page reads `accounts` alone; all else is loaded by `manage.py demonstrate` only.
"""
