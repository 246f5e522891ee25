"""A proxy between the functions and what they call, in which calls go wrong: `python -m fault_proxy`.

It knows the services by their signatures, and refuses in each one's own words. What goes wrong, and how often, is said while it
runs, and comes of a seed.
"""
