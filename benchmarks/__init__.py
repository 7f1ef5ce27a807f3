"""How fast lasthop is, as ratios to a stated floor that is measured in the same run."""
