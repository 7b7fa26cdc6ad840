"""`explainer quantize`: what coarser formats do to a model of one's own, and the coarser file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from explainer.checkpoints import ModelFileError, UnknownNameError, read
from explainer.cli.inspect import complete, locate

if TYPE_CHECKING:
    from explainer.checkpoints import ModelFile

# As `explainer.coarsening.FORMATS`, which imports JAX; a test holds the two equal.
NAMES = (
    *("f32", "f16", "bf16", "f8_e4m3", "int8", "int6", "int5", "int4", "int3", "int2"),
    *("q4_0", "q4_1", "q5_0", "q5_1", "q8_0"),
)
_EXAMPLES = """
\b
Examples:
  explainer quantize smollm2 --format q4_0 --format int3 --report
  explainer quantize ./Llama-3.2-1B/ --format q8_0 --report --json
  explainer quantize model.gguf --format q4_0 -o smaller.gguf
\b
int2 to int8 are symmetric, with a float16 scale for each 32 weights. The matrices of all layers
change; embedding, head, gains and biases stay. Only f32, f16, bf16 and the q formats can be
written. Exit code: 0 done, 1 the file is at fault, 2 usage, or a name that is not known.
"""


class _UnknownName(click.ClickException):
    exit_code = 2


@click.command(
    "quantize", epilog=_EXAMPLES, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.argument("model", metavar="FILE|DIR|NAME", shell_complete=complete)
@click.option(
    "--format",
    "formats",
    type=click.Choice(NAMES, case_sensitive=False),
    multiple=True,
    required=True,
    help="A format; may be given several times.",
)
@click.option("--report", is_flag=True, help="Run the model and measure what each format costs.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write the model in the one format."
)
@click.option(
    "--tokens",
    metavar="N",
    type=click.IntRange(min=100),
    help="Of each of the two texts, at most.  [default: 849]",
)
@click.option(
    "--facts", metavar="N", type=click.IntRange(min=1), help="How many facts.  [default: all 100]"
)
def command(
    model: str,
    formats: tuple[str, ...],
    report: bool,
    as_json: bool,
    output: Path | None,
    tokens: int | None,
    facts: int | None,
) -> None:
    """Store a Llama-type model more coarsely: measure the damage, or write the file.

    The report holds perplexity on two texts, divergence and agreement with the model as it was
    loaded, and how many of a hundred facts it still knows, with 95 % intervals. Give --report, -o,
    or both.
    """
    if not report and output is None:
        raise click.UsageError("nothing to do: give --report to measure, -o FILE to write, or both")
    if as_json and not report:
        raise click.UsageError("--json prints the report; give --report too")
    if output is not None and len(formats) != 1:
        raise click.UsageError(f"-o writes one format; {len(formats)} were given")
    try:
        path, others = locate(model)
        file = read(path)
        for other in others:
            click.echo(f"also in {other.store}: {other.path}", err=True)
        if output is not None:
            _write(file, output, formats[0])
        if report:
            _report(path, file, formats, as_json, tokens, facts)
    except ModelFileError as error:
        failure = _UnknownName if isinstance(error, UnknownNameError) else click.ClickException
        raise failure(str(error)) from None


def _write(file: ModelFile, output: Path, name: str) -> None:
    from explainer.coarse_file import write_coarse

    try:
        write_coarse(file, output, name)
    except ModelFileError:
        raise
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    written = read(output)
    click.echo(
        f"wrote {output}: {written.file_bytes:,} bytes, "
        f"{written.bits_per_parameter:.4f} bits per parameter",
        err=True,
    )


def _report(
    path: Path,
    file: ModelFile,
    formats: tuple[str, ...],
    as_json: bool,
    tokens: int | None,
    facts: int | None,
) -> None:
    from explainer.exam import MAX_TOKENS, prepare_exam
    from explainer.ladder import as_row, climb
    from explainer.models.llama import load_llama

    try:
        model = load_llama(path)
        exam = prepare_exam(model.tokenizer, max_tokens=tokens or MAX_TOKENS, num_facts=facts)
        rows = [as_row(rung) for rung in climb(model.params, model.config, exam, formats)]
    except ModelFileError:
        raise
    except ValueError as error:
        raise click.ClickException(f"{path}: {error}") from None
    if as_json:
        click.echo(json.dumps({"model": str(path), "parameters": file.parameters, "rungs": rows}))
    else:
        _print(rows)


def _print(rows: list[dict[str, Any]]) -> None:
    from explainer.cli.printing import console, show, table

    out = console()
    texts = table(
        "Two texts",
        names=("format",),
        numbers=("bits", "perplexity", "ratio", "KL (nats)", "same token"),
    )
    known = table(
        f"{rows[0]['facts']} facts", names=("format",), numbers=("known", "lost", "won", "p")
    )
    for row in rows:
        bits = "" if row["bits_per_weight"] is None else f"{row['bits_per_weight']:.4g}"
        low, high = row["perplexity_ratio_interval"]
        least, most = row["divergence_interval"]
        texts.add_row(
            row["format"],
            bits,
            " / ".join(f"{value:.4g}" for value in row["perplexities"]),
            f"{row['perplexity_ratio']:.4g} ({low:.4g}-{high:.4g})",
            f"{row['divergence']:.4f} ({least:.4f}-{most:.4f})",
            f"{row['agreement']:.1%}",
        )
        counts = (row["facts_known"], row["facts_lost"], row["facts_won"])
        known.add_row(row["format"], *map(str, counts), f"{row['facts_p']:.2g}")
    show(texts, out)
    show(known, out)
    click.echo("against the model as loaded; in brackets 95 % intervals; p: McNemar's exact test")
