"""The model in; its network built or taken down by pyroute2: with_pyroute2.py up|down MODEL."""

import json
import sys

from pyroute2 import IPRoute, NetNS, netns


def up(model):
    spaces = {node["name"]: node["namespace"] for node in model["nodes"]}
    for node in model["nodes"]:
        netns.create(node["namespace"])
        apply(node)
    with IPRoute() as ipr:
        for a, b in model["cables"]:
            peer = {"ifname": b["interface"], "net_ns_fd": spaces[b["node"]]}
            ipr.link("add", ifname=a["interface"], kind="veth", net_ns_fd=spaces[a["node"]], peer=peer)
    for node in model["nodes"]:
        with NetNS(node["namespace"]) as ns:
            configure(ns, node)


def apply(node):
    if not node["settings"]:
        return
    netns.pushns(node["namespace"])
    for name, value in node["settings"]:
        with open("/proc/sys/" + name.replace(".", "/"), "w") as file:
            file.write(value)
    netns.popns()


def configure(ns, node):
    for bridge in node["bridges"]:
        ns.link("add", ifname=bridge["name"], kind="bridge")
    index = {link.get("ifname"): link["index"] for link in ns.get_links()}
    for bridge in node["bridges"]:
        for port in bridge["ports"]:
            ns.link("set", index=index[port], master=index[bridge["name"]])
    for name in node["up"]:
        ns.link("set", index=index[name], state="up")
    for a in node["addresses"]:
        address, length = a["address"].split("/")
        more = {"flags": 2} if a["family"] == 6 else {}  # IFA_F_NODAD
        ns.addr("add", index=index[a["dev"]], address=address, prefixlen=int(length), **more)
    for route in node["routes"]:
        add_route(ns, index, route)


def add_route(ns, index, route):
    hops = [{"gateway": hop["via"], "oif": index[hop["dev"]]} for hop in route["hops"]]
    to = {"family": 10 if route["family"] == 6 else 2, "dst": route["to"]}
    if len(hops) == 1:
        ns.route("add", **to, **hops[0])
    else:
        ns.route("add", **to, multipath=hops)


def down(model):
    for node in model["nodes"]:
        netns.remove(node["namespace"])


if __name__ == "__main__":
    with open(sys.argv[2]) as file:
        {"up": up, "down": down}[sys.argv[1]](json.load(file))
