"""The Wilson interval that is written out is the one of statsmodels."""

import pytest
from statsmodels.stats.proportion import proportion_confint

from lasthop.measure.rate import LEVEL, intervals

PAIRS = [(0, 1), (1, 1), (0, 20), (20, 20), (3, 20), (7, 31), (999, 1000), (123_456, 3_450_000)]


@pytest.mark.parametrize(("part", "whole"), PAIRS)
def test_it_is_the_interval_of_statsmodels(part: int, whole: int) -> None:
    wanted = proportion_confint(part, whole, alpha=1 - LEVEL, method="wilson")
    assert intervals([part], [whole])[0] == pytest.approx(wanted, abs=1e-12)


def test_of_nothing_anything_is_possible() -> None:
    assert intervals([0], [0]) == [(0.0, 1.0)]
