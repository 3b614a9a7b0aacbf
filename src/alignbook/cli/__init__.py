"""The command ``alignbook``: train the assistant, talk to it, grade it, look at its world."""
