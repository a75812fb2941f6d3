import os


def test_the_router_forwards(net):
    to = "10.9.9.9" if "BREAK" in os.environ else net.address("h2")
    ping = net.exec("h1", "ping", "-c1", "-W5", to)
    assert ping.returncode == 0, ping.stdout + ping.stderr


def test_the_router_has_an_end_in_each_network(net):
    assert [net.address("gw", name) for name in ("eth0", "eth1")] == ["10.0.1.1", "10.0.2.1"]


def test_namespaces_are_there_for_other_programs(net):
    assert os.stat(net.places["h1"]["namespace"]).st_ino != os.stat("/proc/self/ns/net").st_ino
