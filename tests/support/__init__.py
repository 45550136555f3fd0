"""What tests of several rooms share: small systems, strategies, a naive search, comparisons."""
