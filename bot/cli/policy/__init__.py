"""`tocsin policy`: check, read, explain, try out and put in force the policy pack."""
