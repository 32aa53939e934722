"""Rehearsals: what a policy would do, played by the rules that run in production, in memory and on a clock of their own.

Nothing here is sent, stored or decided. `playing` runs one case, `comparing` runs many cases under two policies, and
`simulating` thousands of random ones; `bot.domain.timeline` is what they hand back.
"""
