"""The demo *a model gets less wrong*: one neuron walks down its loss surface."""
