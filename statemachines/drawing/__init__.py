"""Pictures of lifecycles, of a request's path and of runs."""
