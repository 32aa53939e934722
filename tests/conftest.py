"""How property tests draw their examples; `--hypothesis-profile=search` looks further than every day's run."""

from hypothesis import HealthCheck, settings

# How long an example takes says more about the machine than about the rule. The examples of a run are the same on
# every machine, so that a change is judged by what it changed; new ones are looked for on purpose, with `search`.
# Both begin at Hypothesis' own default, because under CI it has another one, and that one never looks further.
default = settings(
    settings.get_profile("default"), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("settled", default, derandomize=True)
settings.register_profile("search", default, max_examples=1000)
settings.load_profile("settled")
