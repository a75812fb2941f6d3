"""A lab for tests in Python: up before the first one that asks for it, down after the last."""
import json
import os
import subprocess

import pytest


class Lab:
    def __init__(self, file, name):
        done = subprocess.run(["nstopo", "up", "--json", "--name", name, "--wait", "30s", file], stdout=subprocess.PIPE)
        answer = json.loads(done.stdout)
        assert done.returncode == 0, answer["diagnostics"]
        self.name = name
        self.places = {place["node"]: place for place in answer["result"]["places"]}

    def address(self, node, interface="eth0"):
        return next(one["address"] for one in self.places[node]["addresses"] if one["interface"] == interface)

    def exec(self, node, *command):
        return subprocess.run(["nstopo", "exec", self.name, node, "--", *command], capture_output=True, text=True)

    def down(self):
        subprocess.run(["nstopo", "down", self.name], check=True)


@pytest.fixture(scope="session")
def net():
    lab = Lab("router.yaml", f"pytest-{os.getpid()}")
    yield lab
    lab.down()
