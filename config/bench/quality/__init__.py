"""Do offers that are fitted to a few answers suit people better than what everybody likes? Measured on real people.

The data: FiveThirtyEight's food survey (see config/replay), 1,373 people on 40 cuisines. The protocol:

- *Who counts*: whoever has tried at least half of the cuisines. Of others too little is known to judge five offers.
- *What is asked*: 8 cuisines, and how well somebody knows cuisines and cares for them: what the cuisine quiz lets
  offers be made from. "Never tried it" is an answer like any other. Which 8 is chosen from training people alone: one
  after another, each time the cuisine whose answers, together with those before, explain the most about the others.
- *What is predicted*: the 32 other cuisines, each the offer of one. An asked cuisine is never among them.
- *Unseen people*: five folds by people. Everything (which 8, priors, weights, how strongly they are held back) comes
  from the other four; the last is chosen by folds inside these. Five times over, with other folds.
- *Two ways to count*: among all 32, where a cuisine that a person never tried is worth nothing to them; and among those
  of the 32 that the person has tried, the only ones they could judge. Models are trained for each by itself.
- *NDCG@5*: a cuisine is worth 3 to who loves it (5), 1 to who likes it (4), else 0; the n-th offer's worth is divided
  by log2(n + 1), summed over five offers and divided by the same sum for the best five there are for this person. Who
  likes none of the 32 cannot be served well or badly, and does not count.
- *The difference* is taken per person, of the mean over the five repetitions; its 95 % interval is the percentile
  bootstrap over people, with a stated seed. Models are not trained again in it.

The additive model is what the engine runs: a prior for each offer and a weight for each answer, between -10 and 10.
It is asked for its offers and reasons through `recommendations.scoring.Engine`, and so is popularity, an engine of
priors alone. Popularity is the mean worth of a cuisine, in the same measure that the model is trained on.
"""
