"""The model in; its network built by munet, each node's process as JSON out; taken down at the end of standard input."""

import json
import logging
import sys
import tempfile

from munet.base import BaseMunet, CalledProcessError


def up(model, rundir):
    net = BaseMunet(rundir=rundir)
    for node in model["nodes"]:
        add_host(net, node["name"])
    for a, b in model["cables"]:
        net.add_link(net[a["node"]], net[b["node"]], a["interface"], b["interface"])
    for node in model["nodes"]:
        host = net[node["name"]]
        for name, value in node["settings"]:
            host.cmd_raises(f"sysctl -qw {name}={value}")
        for words in node["commands"]:
            host.cmd_raises("ip " + " ".join(words))
        for words in node["programs"]:
            host.popen(words)
    return net


def add_host(net, name):
    """It now and then fails to find a process that it has just started; without PID namespaces it doesn't, and takes longer."""
    for _ in range(9):
        try:
            return net.add_host(name)
        except CalledProcessError:
            pass
    return net.add_host(name)


if __name__ == "__main__":
    logging.basicConfig(level=logging.CRITICAL)
    with open(sys.argv[1]) as file:
        model = json.load(file)
    with tempfile.TemporaryDirectory() as rundir:
        net = up(model, rundir)
        print(json.dumps({name: host.pid for name, host in net.hosts.items()}), flush=True)
        sys.stdin.read()
        net.delete()
