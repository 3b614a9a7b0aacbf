"""One module for each family of items: what is asked, in which splits, and how replies are graded."""
