"""The Models page's parts: what reads the reviews, one card a provider, the stored vectors, the dimensions."""
