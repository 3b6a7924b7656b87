"""What the team that keeps a review going works with: spreadsheets in and out, checks by persons, new reviews."""
