"""The raw ways of doing the same, written as well as we can, as processes of their own."""
