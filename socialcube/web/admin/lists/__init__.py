"""The list of a generated screen: what its address says, which rows that gives, and how they are drawn."""
