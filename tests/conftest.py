"""How property tests draw their examples; `--hypothesis-profile=search` looks further than every day's run."""

from hypothesis import settings

# How long an example takes says more about the machine than about the rule. The examples of a run are the same on
# every machine, so that a change is judged by what it changed; new ones are looked for on purpose, with `search`.
settings.register_profile("settled", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=1000)
settings.load_profile("settled")
