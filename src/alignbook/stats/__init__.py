"""How sure a measured number is: intervals, in files named for them."""
