"""What one can declare: terms, conditions, requests, lifecycles, gates, rules, claims, components, systems."""
