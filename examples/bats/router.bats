#!/usr/bin/env bats
# nstopo run router.yaml -- bats router.bats: the lab is there for as long as bats runs, and its addresses are variables.

@test "the router forwards" {
  nstopo exec "$NSTOPO_LAB" h1 -- ping -c1 -W5 "${BREAK:-$NSTOPO_ADDR_H2_ETH0}"
}

@test "h1 sends by way of the router" {
  run nstopo exec "$NSTOPO_LAB" h1 -- ip route get "$NSTOPO_ADDR_H2_ETH0"
  [ "$status" -eq 0 ]
  [[ "$output" == *"via $NSTOPO_ADDR_GW_ETH0 dev eth0"* ]]
}
