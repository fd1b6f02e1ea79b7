"""See what the model sees: what its numbers mean, where it errs, whether another or an adapted one does better.

A person's own reviews are the examples. Texts that a person types are read by the embedder that read the reviews
(`reading`): on this computer, or by a service where the person said so.
"""
