"""The laptop stack: a local AWS, the deployed template in it, and the people and products it starts with."""
