"""The demo *you are the human feedback*: picks become a reward, and the reward ranks new answers."""
