"""Leiden communities of a given neighbour graph: `python run_leiden_given.py GRAPH.npz OUT.npy --topics N`.

Runs in an environment of its own and imports nothing of this project. GRAPH holds indices and similarity (m, k),
nearest first, as `pipelines.neighbors` makes them; an edge weighs its similarity, once where both ends name each other.
The resolution of the modularity (Traag, Waltman & van Eck 2019) is the one of a fixed grid whose number of communities
is nearest to N. The last line of stdout is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

import igraph
import numpy as np

RESOLUTIONS = tuple(float(2.0 ** (step / 2)) for step in range(-4, 17))
"""0.25 … 256."""


def main() -> None:
    """Read the graph, try the resolutions, write the communities (m,)."""
    parser = argparse.ArgumentParser(description="Leiden communities of a given neighbour graph.")
    parser.add_argument("graph", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--topics", type=int, required=True)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    random.seed(args.seed)
    with np.load(args.graph) as given:
        indices, similarity = given["indices"], given["similarity"]
    m, k = indices.shape
    ends = np.column_stack([np.repeat(np.arange(m), k), indices.ravel()])
    ends.sort(axis=1)
    edges, first = np.unique(ends, axis=0, return_index=True)
    graph = igraph.Graph(n=m, edges=edges)
    weights = np.clip(similarity.ravel()[first].astype(float), 1e-6, None).tolist()
    tried = []
    for resolution in RESOLUTIONS:
        found = graph.community_leiden("modularity", weights=weights, resolution=resolution, n_iterations=4)
        tried.append((abs(len(found) - args.topics), resolution, found.membership))
        if len(found) > 2 * args.topics:
            break
    _, resolution, labels = min(tried)
    np.save(args.out, np.asarray(labels, dtype=np.int32))
    print(json.dumps({"resolution": resolution, "topics": max(labels) + 1}))


if __name__ == "__main__":
    main()
