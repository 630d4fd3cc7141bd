"""The invented district: one published year, and a living present, made from a seed."""

from assessment.demonstration.accounts import LOGINS, PASSWORD, Login, logins
from assessment.demonstration.filling import Refused, fill

__all__ = ["LOGINS", "PASSWORD", "Login", "Refused", "fill", "logins"]
