import pytest

from socialcube.engine.budget import Budget, BudgetUse, Limits, Resource
from socialcube.engine.errors import BudgetExceededError


def test_defaults_are_the_documented_ones() -> None:
    assert Limits() == Limits(
        steps=100,
        iterations=500,
        wall_seconds=25.0,
        render_seconds=0.25,
        render_total_seconds=1.0,
        defer_seconds=1.5,
        http_calls=3,
        discord_writes=10,
        direct_messages=1,
        variable_operations=20,
    )


@pytest.mark.parametrize("resource", Resource)
def test_each_budget_refuses_under_its_own_name(resource: Resource) -> None:
    budget = Budget(Limits())
    budget.spend(resource, budget.limit(resource))
    with pytest.raises(BudgetExceededError) as caught:
        budget.spend(resource)
    assert caught.value.budget == resource
    assert f"{budget.limit(resource):g}" in caught.value.message


def test_refused_spending_is_not_counted() -> None:
    budget = Budget(Limits(steps=3))
    budget.spend(Resource.STEPS, 2)
    with pytest.raises(BudgetExceededError):
        budget.spend(Resource.STEPS, 2)
    assert budget.left(Resource.STEPS) == 1


def test_what_happened_is_counted_past_the_limit() -> None:
    budget = Budget(Limits())
    budget.charge(Resource.RENDER_TOTAL, 0.7)
    budget.charge(Resource.RENDER_TOTAL, 0.7)
    assert budget.left(Resource.RENDER_TOTAL) == 0
    assert budget.uses() == (BudgetUse("render_total_seconds", 1.4, 1.0),)


def test_only_budgets_that_were_drawn_on_are_shown() -> None:
    budget = Budget(Limits())
    assert budget.uses() == ()
    budget.spend(Resource.STEPS)
    assert budget.uses() == (BudgetUse("steps", 1, 100),)
