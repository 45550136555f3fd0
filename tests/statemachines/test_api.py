"""The public interface is what one page lists, and nothing else is needed for the examples."""

import statemachines


def test_everything_listed_is_there():
    for name in statemachines.__all__:
        assert getattr(statemachines, name) is not None


def test_the_list_is_sorted_and_complete():
    assert list(statemachines.__all__) == sorted(statemachines.__all__)
    public = {name for name in vars(statemachines) if not name.startswith("_") and name[0].isupper()}
    assert public <= set(statemachines.__all__) | {"Any", "TYPE_CHECKING"}
