"""`explainer format`: what a number becomes in a number format."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from explainer.formats import NumberFormat, StoredNumber

EPILOG = """\b
Examples:
  explainer format 0.1 --as bfloat16
  explainer format 70000
  explainer format -0x1.8p-3 --as e4m3 --json
  explainer format 0.1 --as fp4 --rounding stochastic --seed 7

\b
VALUE is a decimal number, a hexadecimal one (0x1p-3), inf or nan; it is read as FP64 first.
In --json, `exponent` and `mantissa` are the fields as stored, and what is not finite is a string.
Exit code: 0 shown, 2 usage."""


def parse_number(text: str) -> float:
    """Return the number that a text means, as FP64.

    Args:
        text: Decimal, hexadecimal with `0x`, `inf` or `nan`, with a sign or without.

    Returns:
        The nearest float64; infinity for what is beyond the largest.

    Raises:
        ValueError: If it is no number.

    Examples:
        >>> parse_number("0x1p-3"), parse_number("-1e400")
        (0.125, -inf)
    """
    try:
        return float.fromhex(text) if "0x" in text.lower() else float(text)
    except OverflowError:
        return math.copysign(math.inf, -1 if text.strip().startswith("-") else 1)
    except ValueError:
        raise ValueError(f"{text!r} is no number: write 0.1, -3e8, 0x1p-3, inf or nan") from None


def _number(ctx: click.Context, param: click.Parameter, text: str) -> tuple[str, float]:
    try:
        return text.strip(), parse_number(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def _format(ctx: click.Context, param: click.Parameter, name: str | None) -> NumberFormat | None:
    from explainer.formats import number_format

    try:
        return None if name is None else number_format(name)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


@click.command(
    epilog=EPILOG,
    short_help="Show what a number becomes in a format.",
    context_settings={"ignore_unknown_options": True},  # -0.1 is a number
)
@click.argument("value", callback=_number, metavar="VALUE")
@click.option("--as", "format", callback=_format, metavar="FORMAT", help="One format; all if none.")
@click.option(
    "--rounding",
    type=click.Choice(["nearest", "toward_zero", "stochastic"]),
    default="nearest",
    show_default=True,
    help="Ties go to the even code; cut off; up by chance, right in the mean.",
)
@click.option(
    "--overflow",
    type=click.Choice(["standard", "saturate"]),
    default="standard",
    show_default=True,
    help="Beyond the largest number: what the format's standard says, or the largest number.",
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of stochastic.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: an object, or a list of them.")
def command(
    value: tuple[str, float],
    format: NumberFormat | None,
    rounding: str,
    overflow: str,
    seed: int,
    as_json: bool,
) -> None:
    """Show what a number becomes in a format: bits, value, error and neighbours.

    FORMAT is a name of ml_dtypes or a short one: fp64, fp32, tf32, fp16, bf16, e4m3, e5m2, e3m2,
    e2m3, e2m1, e8m0, int8, uint8, int4, int2, nf4.
    """
    from explainer.formats import FORMATS

    text, x = value
    chosen = list(FORMATS.values()) if format is None else [format]
    options = {"rounding": rounding, "overflow": overflow, "key": seed}
    found = [_stored(each, text, x, options) for each in chosen]
    if as_json:
        objects = [as_dict(each, text) for each in found]
        click.echo(json.dumps(objects if format is None else objects[0], allow_nan=False))
    elif format is None:
        _show_all(text, chosen, found)
    else:
        _show_one(text, format, found[0])


def _stored(format: NumberFormat, text: str, x: float, options: dict[str, Any]) -> StoredNumber:
    """Store a number; one that is written in digits and too large for FP64 is still finite."""
    from explainer.formats import FLOAT64, store

    if not math.isinf(x) or "inf" in text.lower():
        return store(format, x, **options)
    finite = math.copysign(FLOAT64.largest, x)
    if format.bits < FLOAT64.bits or options["rounding"] == "toward_zero":
        found = store(format, finite, **options)
    else:
        found = store(format, x, **options)
    return replace(found, error=math.nan, overflowed=format.signed or x > 0)


def as_dict(stored: StoredNumber, text: str) -> dict[str, Any]:
    """Return what `--json` prints.

    Args:
        stored: From `explainer.formats.store`.
        text: The number as it was written, for what FP64 cannot hold.

    Returns:
        Numbers; what is not finite is a string, and what does not exist None.
    """
    found = asdict(stored)
    x = parse_number(text)
    found["input"] = x if math.isfinite(x) else str(x)
    if math.isinf(x) and "inf" not in text.lower():
        found["input"] = text  # finite, but beyond FP64
    if not math.isfinite(stored.value):
        found["value"] = str(stored.value)
    found["error"] = stored.error if math.isfinite(stored.error) else None
    for key in ("below", "above"):
        if not math.isfinite(found[key]):
            found[key] = None if math.isnan(found[key]) else str(found[key])
    return found


def _show_one(text: str, format: NumberFormat, stored: StoredNumber) -> None:
    from rich.markup import escape

    from explainer.cli.printing import console, show, table
    from explainer.formats import bit_string

    found = table(f"{escape(text)} in {format.label}", names=("part",), numbers=("value",))
    found.add_row("bits", bit_string(format, int(stored.bits, 2), separator=" "))
    if stored.exponent is not None:
        found.add_row("sign", "none" if stored.sign is None else str(stored.sign))
        found.add_row("exponent", f"{stored.exponent}, bias {format.bias}")
    if stored.exponent is not None and stored.mantissa is not None:
        found.add_row("mantissa", f"{stored.mantissa} of {2**format.mantissa_bits}")
    found.add_section()
    found.add_row("value", _told(stored.value))
    found.add_row("error", _told(stored.error))
    found.add_row("next below", _told(stored.below))
    found.add_row("next above", _told(stored.above))
    found.add_row("overflowed", "yes" if stored.overflowed else "no")
    show(found, console())


def _show_all(text: str, formats: list[NumberFormat], stored: list[StoredNumber]) -> None:
    from rich.markup import escape

    from explainer.cli.printing import console, show, table

    found = table(
        f"{escape(text)} in every format", names=("format",), numbers=("bits", "value", "error", "")
    )
    for format, each in zip(formats, stored, strict=True):
        note = "overflow" if each.overflowed else ""
        found.add_row(format.label, str(format.bits), _told(each.value), _short(each.error), note)
    show(found, console())


def _told(number: float) -> str:
    """Return all digits that tell a number from its neighbours."""
    return "-" if math.isnan(number) else f"{number!r}"


def _short(number: float) -> str:
    return "-" if math.isnan(number) else f"{number:+.3g}"
