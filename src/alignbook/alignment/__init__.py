"""From preferences to an aligned assistant: algorithms, in files named for them.

All of them speak one notation.

====================  ========================================================================================
``x``, ``y``          a prompt and a reply; ``y_t`` is the reply's token number t
``y_w``, ``y_l``      of two replies to one prompt, the one that was preferred and the other (won, lost)
``r``                 the reward of a reply: a number from a rater, a reward model or the truth
``theta``             the strength of an item in the Bradley-Terry model; a reward is a strength of a reply
``pi``, ``pi_old``    the policy, and the policy that wrote the replies it is now trained on
``pi_ref``            the reference that the policy should stay close to: the tuned model
``beta``              what a nat of the divergence KL(pi || pi_ref) costs, in units of reward; > 0
``A``                 the advantage: how much better a reply or a token was than expected
``V``                 the expected reward, as a value head predicts it
``rho``               the ratio pi(y_t) / pi_old(y_t)
``margin``            of a pair: log pi/pi_ref of the chosen reply, less that of the rejected one
====================  ========================================================================================

And all that train have one skeleton, in three layers:

1. a **loss**, a pure function of log-probabilities (or margins, or rewards): `losses.Losses`, the loss of each and its
   derivative;
2. a **batch**: frozen arrays whose ``weights`` add up to 1, and ``halves()`` between what belongs together;
3. an **objective** for `alignbook.nn.trainer.Trainer`: computes on the tape what the loss needs, and hands back the
   weighted loss and the weighted derivatives.
"""
