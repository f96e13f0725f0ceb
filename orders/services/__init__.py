"""The only writers of state in the order line.

Lock order, everywhere: the order row, then workers in id order. A service that changes anything below an order
starts with `locks.order`, so everything below one order happens one after the other.
"""
