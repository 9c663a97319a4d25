"""What happens to a call: one file a feature, asked in the order of ``fsctl.policies.stages``.

A policy is a generator ``run(call, office, live)``: it yields actions, receives their outcomes and returns an
ending (``Pass``, ``Reroute`` or ``Done``). It may import the model and nothing else: no socket, database, clock or
randomness. The first line of its docstring says what the caller experiences.
"""
