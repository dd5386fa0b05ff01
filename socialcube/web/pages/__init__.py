"""The pages that are more than generated lists: one package each, made of small views."""
