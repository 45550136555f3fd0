"""Targets: what is tested, spoken to in one of three protocols.

A new kind is a class with the methods of `target.Target`, and a branch in `opening`; one that only a domain has is a
scheme of its profile.
"""
