"""Everything that remembers: tables, transactions, the audit chain, timers, outbox and inbox."""
