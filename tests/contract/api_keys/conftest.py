from tests.contract.accounts.conftest import clock, published, uow

__all__ = ["clock", "published", "uow"]
