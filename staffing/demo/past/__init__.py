"""The weeks before: lived through in memory by the rules of the services, then written at once.

Every status moves along the transition tables, every choice of people comes from the matching engine, every amount
from the pay arithmetic; only the locks and the queue are left out, because nothing happens at the same time here.
"""
