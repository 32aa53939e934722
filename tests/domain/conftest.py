from hypothesis import settings

# How long an example takes says more about the machine than about the rule.
settings.register_profile("rules", deadline=None)
settings.load_profile("rules")
