"""The figures that thresholds of playbooks are about, as monitoring writes them."""

import time

import pytest

from bot.alerts.alert import Measure
from bot.alerts.measures import measures

ERRORS, RESPONSE, DOWNTIME, QUEUE = Measure.ERRORS, Measure.RESPONSE, Measure.DOWNTIME, Measure.QUEUE


@pytest.mark.parametrize(
    ("text", "measure", "value"),
    [
        ("error rate 7.2 %", ERRORS, 7.2),
        ("Error rate: 7,2%", ERRORS, 7.2),
        ("The error rate of checkout is 7.2 percent", ERRORS, 7.2),
        ("error_rate on worker 3 reached 12%", ERRORS, 12),
        ("Error rate is 7.2 % (threshold 5 %)", ERRORS, 7.2),
        ("Error rate is above 5 % for 10 minutes (current value: 7.2 %)", ERRORS, 7.2),
        ("Error rate over the last 5 minutes is 7.2 %", ERRORS, 7.2),
        ("Latency (5m avg) is 12.4s", RESPONSE, 12.4),
        ("p95 latency > 5s, currently 12.4s", RESPONSE, 12.4),
        ("7.2 % of the requests to checkout fail", ERRORS, 7.2),
        ("12% errors on /pay", ERRORS, 12),
        ("p95 response time 12.4 s", RESPONSE, 12.4),
        ("Response time: 12400 ms", RESPONSE, 12.4),
        ("p99 latency of api is 1,250ms", RESPONSE, 1.25),
        ("The start page took 11 seconds to respond", RESPONSE, 11),
        ("down for 75 s", DOWNTIME, 75),
        ("api has been down for 1m 15s", DOWNTIME, 75),
        ("Unreachable for 2 minutes", DOWNTIME, 120),
        ("Downtime: 3 min", DOWNTIME, 180),
        ("queue depth 140", QUEUE, 140),
        ("Queue depth of docling-worker-3 is 1,240", QUEUE, 1240),
        ("140 jobs in the queue", QUEUE, 140),
        ("140 in the docling queue", QUEUE, 140),
        ("backlog of 140 messages", QUEUE, 140),
    ],
)
def test_a_figure_is_read_in_its_unit(text: str, measure: Measure, value: float) -> None:
    assert measures(text) == {measure: pytest.approx(value)}


@pytest.mark.parametrize(
    ("text", "measure", "limit"),
    [
        ("Error rate above 5 %", ERRORS, 5),
        ("error rate > 5%", ERRORS, 5),
        ("More than 5 % of all requests failed", ERRORS, 5),
        ("Response time exceeded 10 s", RESPONSE, 10),
        ("localhost:8081 of job node has been down for more than 1 minute.", DOWNTIME, 60),
        ("More than 100 in the queue for more than 5 minutes", QUEUE, 100),
        ("queue depth over 100", QUEUE, 100),
    ],
)
def test_a_limit_that_is_exceeded_is_just_exceeded(text: str, measure: Measure, limit: float) -> None:
    said = measures(text)

    assert list(said) == [measure]
    assert said[measure] > limit
    assert said[measure] == pytest.approx(limit)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "checkout is down",
        "error rate is high",
        "Error rate is back below 1 %",
        "Error rate: the threshold is 5 %",
        "CPU at 97 %",
        "disk 91 % full for 10 minutes",
        "response time is within 5 s",
        "the queue is empty",
        "rolled back 3 deployments, 12 minutes ago",
        "queue depth is under 100",
        "took down 3 hosts in 5 s",
        "latency budget of the SLO",
        "Latency is high for 10 minutes",
        "Response times got worse over the last 5 minutes",
        "Downtime in the last 5 minutes",
        "Scale down after 30 s",
        "slow down for 5 m",
    ],
)
def test_what_is_no_figure_of_the_alert_is_left_alone(text: str) -> None:
    assert measures(text) == {}


def test_of_several_figures_the_highest_counts_and_each_measure_has_its_own() -> None:
    said = measures("error rate 3 % on a, error rate 9 % on b", "p95 response time 12 s\nqueue depth 7")

    assert said == {ERRORS: 9, RESPONSE: 12, QUEUE: 7}


@pytest.mark.parametrize(
    "long", ["1" * 9000, "error rate " * 900, "1 " * 4500, "queue depth of " * 700, "down for " * 900]
)
def test_a_long_text_takes_no_longer_than_a_moment(long: str) -> None:
    began = time.process_time()

    measures(long)

    assert time.process_time() - began < 0.5
