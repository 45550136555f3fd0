"""A mock DCC: clients of Service Users send it DUIS XML, and are answered as the rules say."""
