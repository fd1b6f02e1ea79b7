"""Add reviews: drop a further file, see what was understood, start; they join the map that is there."""

from pages.ui import add_page

add_page.show()
