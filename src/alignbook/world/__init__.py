"""The mini-world Wendlemere: invented people, towns and things, all of whose truth is known to the program."""
