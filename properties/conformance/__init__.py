"""The conformance suite: ``pytest --pyargs properties.conformance``, on the reference or on what ``--system`` names."""
