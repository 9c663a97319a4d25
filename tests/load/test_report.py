"""What is made of the rounds of a run."""

from dataclasses import replace

import pytest

from load import plan, report
from load.__main__ import rotated
from load.compared import SERVERS
from load.measure import Round, quantile

ROUND = Round(calls=10, failed=0, rate=100.0, p50=0.01, p99=0.1, max=0.2, cpu=0.001, cpu_by_process=(0.001,),
              generator=0.0001, results={})


def rounds(**figures):
    """One round for each value."""
    (name, values), = figures.items()
    return [replace(ROUND, **{name: value}) for value in values]


def test_a_ratio_is_of_the_medians():
    of = report.medians({
        ("fsctl", "person", 50): rounds(cpu=(0.9, 2.0, 4.0)), ("hub", "nothing", 50): rounds(cpu=(9.0, 1.0, 0.1)),
    })
    assert report.ratios(of) == {"cpu_vs_hub": 2.0, "rate_50_vs_hub": 1.0}


def test_each_ratio_that_is_asked_for_is_told():
    everything = {leg.key: [ROUND] for server in SERVERS for leg in plan.legs(server, quick=True)}
    assert {"cpu_vs_hub", "cpu_hunt_vs_hub", "cpu_vs_genesis", "p50_1_vs_stock", "p99_200_vs_stock",
            "rate_50_vs_stock"} <= set(report.ratios(report.medians(everything)))
    in_full = {leg.key: [ROUND] for server in SERVERS for leg in plan.legs(server, quick=False)}
    assert set(report.ratios(report.medians(in_full))) == set(report.RATIOS)


@pytest.mark.parametrize(("cpu", "steady"), [((1.0, 1.1, 1.2), True), ((1.0, 1.1, 1.4), False)])
def test_a_busy_machine_is_told(cpu, steady):
    told = report.as_json({("bare", "nothing", 50): rounds(cpu=cpu)}, {}, 1)
    assert told["steady"] is steady
    assert ("busy" in "".join(report.table(told))) is not steady


def test_the_table_has_the_medians_and_what_went_wrong():
    bad = replace(ROUND, failed=3, results={"open": 4, "gone": 6})
    told = report.as_json({("fsctl", "person", 50): [ROUND, bad]}, {}, 1)
    row = "| fsctl | person | 50 | 1.000 ms | 100 | 10.00 ms | 100.00 ms | 200.00 ms | 20 | 3 | 4 |"
    assert row in report.table(told)


def test_of_workers_each_is_told():
    told = report.as_json({("fsctl", "person", 50): [replace(ROUND, cpu_by_process=(0.001, 0.002, 0.003))]}, {}, 2)
    assert "person @50: ms of each process a call: 1.000, 2.000, 3.000" in report.table(told)


@pytest.mark.parametrize(("share", "value"), [(0.5, 2), (0.99, 4), (1, 4), (0.25, 1)])
def test_quantile(share, value):
    assert quantile([4, 1, 3, 2], share) == value


def test_every_server_is_once_the_first():
    assert [rotated("abc", number)[0] for number in range(4)] == ["a", "b", "c", "a"]
    assert sorted(rotated("abc", 2)) == ["a", "b", "c"]
