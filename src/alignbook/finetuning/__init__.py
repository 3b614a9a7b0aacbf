"""From a model that continues text to one that answers: the chat template, demonstrations, supervised fine-tuning."""
