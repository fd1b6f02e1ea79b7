"""What columns and cells mean: roles, ratings, dates, replies, languages."""
