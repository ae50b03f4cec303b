"""A zygote without a wall, for tests of what lies behind it, on code that the tests wrote themselves."""

from contextlib import contextmanager

from autograder.sandbox.calls import CallError, LocalCaller


class Child(LocalCaller):
    alive = True
    loaded = 0

    def __init__(self, cells):
        super().__init__(lambda: None, "")
        self.names, self.load_failures = {}, {}
        for cell in cells:
            self.add(cell)

    def add(self, cell):
        source = cell.replace("from autograder import check", "check = lambda f: None")
        place, self.loaded = self.loaded, self.loaded + 1
        try:
            exec(compile(source, f"cell {place}", "exec"), self.names)
        except Exception as error:
            self.load_failures[place] = CallError("exception", f"{type(error).__name__}: {error}")

    def renew(self, seconds):
        pass


class InProcess:
    isolation = "none"

    @contextmanager
    def child(self, cells, *, seconds, public=False):
        yield Child(cells)
