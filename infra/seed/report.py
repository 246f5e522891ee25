"""What a check found wrong."""


class Report:
    """A list of problems, each with the place it was found at."""

    def __init__(self):
        self.problems = []

    def expect(self, condition, where, what):
        """Notes `what` at `where` unless `condition` holds; answers whether it did."""
        if not condition:
            self.problems.append(f"{where}: {what}")
        return bool(condition)
