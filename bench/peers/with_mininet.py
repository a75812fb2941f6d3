"""The model in; its network built by Mininet, each node's process as JSON out; taken down at the end of standard input."""

import json
import resource
import sys

from mininet.log import setLogLevel
from mininet.net import Mininet

# Else it would raise the machine's own limits and settings; its process's limit is enough here.
Mininet.inited = True
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def up(model):
    net = Mininet(topo=None, controller=None, build=False)
    for node in model["nodes"]:
        net.addHost(node["name"], ip=None)
    for a, b in model["cables"]:
        net.addLink(net[a["node"]], net[b["node"]], intfName1=a["interface"], intfName2=b["interface"])
    net.build()
    for node in model["nodes"]:
        configure(net[node["name"]], node)
    programs = [program for node in model["nodes"] for program in start(net[node["name"]], node)]
    return net, programs


def start(host, node):
    """Its stop() ends shells alone."""
    return [host.popen(words) for words in node["programs"]]


def configure(host, node):
    for name, value in node["settings"]:
        checked(host, f"sysctl -qw {name}={value}")
    for words in node["commands"]:
        checked(host, "ip " + " ".join(words))


def checked(host, command):
    said = host.cmd(command)
    if said.strip():
        raise RuntimeError(f"{host.name}: {command}: {said}")


if __name__ == "__main__":
    setLogLevel("critical")
    with open(sys.argv[1]) as file:
        model = json.load(file)
    net, programs = up(model)
    print(json.dumps({host.name: host.pid for host in net.hosts}), flush=True)
    sys.stdin.read()
    for program in programs:
        program.kill()
    net.stop()
