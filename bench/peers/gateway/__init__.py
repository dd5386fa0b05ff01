"""A gateway and REST root that do as little as a bot lets them, so that the bots are what is measured."""
