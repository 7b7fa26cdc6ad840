"""Numbers as the readers of a language write them."""

from __future__ import annotations

import pytest

from explainer.site.numerals import FormatError, format_value


@pytest.mark.parametrize(
    ("value", "spec", "english", "chinese"),
    [
        (671_026_404_352, "", "671,026,404,352", "671,026,404,352"),
        (671_026_404_352, "count", "671 B", "6710 亿"),
        (7_615_616_512, "count", "7.62 B", "76.2 亿"),
        (7_615_616_512, ".1count", "7.6 B", "76.2 亿"),
        (55_510, "count", "55.5 K", "5.55 万"),
        (999, "count", "999", "999"),
        (4_398_046_511_104, "count", "4.4 T", "4.4 万亿"),
        (4_683_075_271, "bytes", "4.68 GB", "4.68 GB"),
        (4_683_075_271, "ibytes", "4.36 GiB", "4.36 GiB"),
        (12, "bytes", "12 B", "12 B"),
        (0.97449, "percent", "97.4%", "97.4%"),
        (0.0000821, "percent", "0.00821%", "0.00821%"),
        (0.5, ".2percent", "50.00%", "50.00%"),
        (-3, "", "−3", "−3"),
        (-0.5, ".2f", "−0.50", "−0.50"),
        (-0.001, ".2f", "0.00", "0.00"),
        (True, "", "yes", "是"),
        ((48, 3), "", "48, 3", "48、3"),
        ("relu", "", "relu", "relu"),
    ],
)
def test_both_languages(value: object, spec: str, english: str, chinese: str) -> None:
    """A value reads in each language as its readers write it; units follow a narrow space."""
    assert format_value(value, spec, "en").replace("\u202f", " ") == english
    assert format_value(value, spec, "zh").replace("\u202f", " ") == chinese


@pytest.mark.parametrize(
    ("value", "spec", "message"),
    [
        (0.5, "", "needs a format"),
        (float("nan"), ".2f", "nan"),
        (float("inf"), "count", "inf"),
        ("relu", ".2f", "does not take the format"),
        ("relu", "count", "takes a number"),
        (object(), "", "cannot stand in a sentence"),
    ],
)
def test_refusals_say_why(value: object, spec: str, message: str) -> None:
    """A value that is not finite, or does not take the format, is refused with the reason."""
    with pytest.raises(FormatError, match=message):
        format_value(value, spec, "en")
