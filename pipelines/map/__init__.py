"""What the map in the dashboard and the map in the report share: colours by column, compact data, words."""
