# A notebook as plain Python: Jupyter, VS Code and PyCharm run the cells one by one; `python -m` runs them all.
# `make demo` makes the bundle; the kernel starts in the project's folder.

# %% Open a finished analysis: a folder, checked as it is read
from pipelines.store.reader import open_bundle

bundle = open_bundle("demo/bundle")
print(bundle.counts)

# %% One row a review: text, place on the map, topic, sentiment, oddness, and the file's own roles
points = bundle.points
print(points[["text", "topic", "sentiment_label", "rating"]].head())

# %% What each topic is about, how often it is said and how people feel
table = points[points["cluster"] >= 0].groupby("topic").agg(
    reviews=("text", "size"), stars=("rating", "mean"), sentiment=("sentiment", "mean")
)  # fmt: skip
print(table.sort_values("reviews", ascending=False).round(2))

# %% The map itself, with Plotly
import plotly.express as px

figure = px.scatter(points, x="x2", y="y2", color="topic", title="Reviews by meaning")
print(f"{len(figure.data)} topics drawn; figure.show() opens them")

# %% Reviews nearest to the first, straight from the vectors (each of length 1, so a product is the cosine)
alike = bundle.vectors @ bundle.vectors[0]
print(points.loc[alike.argsort()[::-1][1:4], ["text", "topic"]])
