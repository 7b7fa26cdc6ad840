"""Mutated real files end in `ModelFileError` or in the answer that the format's library gives.

As a script, it runs as many as asked and reports time and memory:
`python tests/checkpoints/test_mutations.py --runs 10000`.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import signal
import struct
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explainer.checkpoints import ModelFile, ModelFileError, read
from explainer.models import path as model_path

SECONDS_EACH = 5.0
MEMORY_LIMIT_BYTES = 200_000_000


@dataclass(frozen=True)
class Specimen:
    """A real file: its header, and how much data follows. The data is written as a hole."""

    name: str
    header: bytes
    data_bytes: int


def _smollm2(*, whole: bool) -> Specimen:
    """Return SmolLM2's header, with or without its vocabulary of 98,052 strings."""
    path = model_path("smollm2")
    with path.open("rb") as file:
        header = file.read(1_785_664)
    data_bytes = path.stat().st_size - len(header)
    if whole:
        return Specimen("model.gguf", header, data_bytes)
    first = header.index(b"tokenizer.ggml.tokens") - 8
    after = header.index(b"tokenizer.ggml.bos_token_id") - 8
    (keys,) = struct.unpack_from("<Q", header, 16)
    short = header[:16] + struct.pack("<Q", keys - 3) + header[24:first] + header[after:]
    short = short.rstrip(b"\0") + b"\0" * 7  # the last offset's own zeros
    return Specimen("model.gguf", short + b"\0" * (-len(short) % 32), data_bytes)


def _minilm() -> Specimen:
    path = model_path("minilm")
    with path.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        file.seek(0)
        header = file.read(8 + length)
    return Specimen("model.safetensors", header, path.stat().st_size - len(header))


def _packed() -> Specimen:
    """Return a small quantized file, with a stated shape and a bitsandbytes state in its data."""
    state = b'{"shape": [4, 16]}'
    parts = {
        "a.weight_packed": ("I32", [4, 2], 32),
        "a.weight_scale": ("BF16", [4, 1], 8),
        "a.weight_shape": ("I64", [2], 16),
        "b.weight": ("U8", [32, 1], 32),
        "b.weight.absmax": ("F32", [1], 4),
        "b.weight.quant_state.bitsandbytes__nf4": ("U8", [len(state)], len(state)),
        "c.qweight": ("I32", [2, 8], 64),
        "c.qzeros": ("I32", [1, 1], 4),
        "c.scales": ("F16", [1, 8], 16),
    }
    entries, end = {}, 0
    for name, (dtype, shape, size) in parts.items():
        entries[name] = {"dtype": dtype, "shape": shape, "data_offsets": [end, end + size]}
        end += size
    raw = json.dumps(entries, separators=(",", ":")).encode()
    data = bytes(40) + struct.pack("<qq", 4, 16) + bytes(36) + state + bytes(84)
    return Specimen("model.safetensors", struct.pack("<Q", len(raw)) + raw + data, 0)


def corpus() -> list[Specimen]:
    """Return the files that are mutated; the long header is the last."""
    return [_smollm2(whole=False), _minilm(), _packed(), _smollm2(whole=True)]


_EXTREMES = (0, 1, 7, 31, 2**16, 2**31 - 1, 2**32 - 1, 2**40, 2**62, 2**63 - 1, 2**63, 2**64 - 1)
_TOKENS = (
    *(b"true", b"NaN", b"null", b"-1", b"1e9", b"[", b"]", b"{", b"}", b'"', b"\\", b",", b":"),
    *(b"[" * 3000, b'{"a":' * 500, b"9" * 5000, b"18446744073709551615", b"\xff\xfe", b"\0"),
    *(b"U8", b"F32", b"F8_E4M3", b"I64", b'"__metadata__":', b'"shape":', b"\\ud800", b"GGUF"),
)


def _flip(data: bytearray, rng: random.Random) -> None:
    for _ in range(rng.randint(1, 4)):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def _extreme(data: bytearray, rng: random.Random) -> None:
    code = rng.choice(("<Q", "<I"))
    size = struct.calcsize(code)
    at = rng.randrange(max(len(data) - size, 1))
    if rng.random() < 0.3:
        at = rng.choice((0, 4, 8, 16))
    value = rng.choice(_EXTREMES) % 2 ** (8 * size)
    data[at : at + size] = struct.pack(code, value)


def _delete(data: bytearray, rng: random.Random) -> None:
    at = rng.randrange(len(data))
    del data[at : at + rng.choice((1, 4, 8, 100))]


def _repeat(data: bytearray, rng: random.Random) -> None:
    start = rng.randrange(len(data))
    piece = data[start : start + rng.choice((1, 8, 50, 200))]
    at = rng.choice((start, rng.randrange(len(data))))
    data[at:at] = piece


def _insert(data: bytearray, rng: random.Random) -> None:
    at = rng.randrange(len(data))
    data[at:at] = rng.choice((rng.choice(_TOKENS), rng.randbytes(rng.choice((1, 8, 64)))))


def _digit(data: bytearray, rng: random.Random) -> None:
    places = [at for at in range(len(data)) if 48 <= data[at] <= 57][:4096]
    for _ in range(rng.randint(1, 3)):
        if places:
            data[rng.choice(places)] = rng.randrange(48, 58)


def _cut(data: bytearray, rng: random.Random) -> None:
    del data[rng.randrange(len(data)) :]


MUTATIONS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    *(_flip, _extreme, _delete, _repeat, _insert, _digit, _cut),
)


def mutate(specimen: Specimen, rng: random.Random) -> tuple[bytes, int]:
    """Return a damaged header and the size of the hole after it."""
    data = bytearray(specimen.header)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        if data:
            rng.choice(MUTATIONS)(data, rng)
    if data and specimen.name.endswith(".safetensors") and rng.random() < 0.7:
        # Let the stated length fit, so that the damage itself is met and not only its length.
        tail = len(specimen.header) - 8 - struct.unpack_from("<Q", specimen.header)[0]
        data[:8] = struct.pack("<Q", max(len(data) - 8 - tail, 0))
    hole = specimen.data_bytes
    if rng.random() < 0.1:
        hole = rng.choice((0, max(hole - rng.choice((1, 32, 4096)), 0), hole + 1, 2**36))
    return bytes(data), hole


def write(directory: Path, specimen: Specimen, header: bytes, hole: int) -> Path:
    """Write a header and a hole, sparse."""
    path = directory / specimen.name
    with path.open("wb") as file:
        file.write(header)
        file.truncate(len(header) + hole)
    return path


class HungError(Exception):
    """Raised by the alarm."""


def _alarm(*_: object) -> None:
    raise HungError


def attempt(path: Path) -> ModelFile | ModelFileError:
    """Read a file within `SECONDS_EACH`; any exception but ModelFileError goes through."""
    previous = signal.signal(signal.SIGALRM, _alarm)
    signal.setitimer(signal.ITIMER_REAL, SECONDS_EACH)
    try:
        return read(path)
    except ModelFileError as error:
        str(error)
        return error
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def check_against_library(path: Path, file: ModelFile) -> bool:
    """Compare an accepted file with what the format's library says; False where it refuses."""
    ours = {t.name: (t.shape, t.type, t.stored_bytes) for t in file}
    if file.format == "safetensors":
        import safetensors

        with safetensors.safe_open(path, "np") as theirs:
            slices = {name: theirs.get_slice(name) for name in theirs.keys()}
        assert {n: (tuple(s.get_shape()), s.get_dtype()) for n, s in slices.items()} == {
            name: (shape, kind) for name, (shape, kind, _) in ours.items()
        }
        return True
    import gguf

    try:
        reader = gguf.GGUFReader(path)
    except (ValueError, KeyError, IndexError, OverflowError):
        return False
    assert ours == {
        str(t.name): (tuple(map(int, reversed(t.shape))), t.tensor_type.name, int(t.n_bytes))
        for t in reader.tensors
    }
    return True


@pytest.fixture(scope="module")
def specimens() -> list[Specimen]:
    """The corpus, read once."""
    return corpus()


def test_the_unmutated_corpus_is_read(tmp_path: Path, specimens: list[Specimen]) -> None:
    """The specimens are sound, so that what follows tests damage and not the harness."""
    totals = []
    for specimen in specimens:
        path = write(tmp_path, specimen, specimen.header, specimen.data_bytes)
        file = read(path)
        assert check_against_library(path, file)
        totals.append(file.parameters)
    assert totals == [134_515_008, 22_713_216, 64 + 64 + 128, 134_515_008]


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(st.integers(0, 2**32), st.sampled_from([0, 1, 2]))
def test_a_mutated_file_gives_an_error_or_the_library_s_answer(
    tmp_path: Path, specimens: list[Specimen], seed: int, chosen: int
) -> None:
    """No mutation raises anything else, and what is accepted reads as the library reads it."""
    specimen = specimens[chosen]
    path = write(tmp_path, specimen, *mutate(specimen, random.Random(seed)))
    result = attempt(path)
    if isinstance(result, ModelFile):
        check_against_library(path, result)


def test_memory_and_time_of_mutated_files() -> None:
    """In a process of its own, hundreds of mutated files stay under 200 MB and hang nowhere."""
    script = [sys.executable, __file__, "--runs", "400", "--seed", "7"]
    done = subprocess.run(script, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout)
    assert report["runs"] == 400
    assert report["peak_bytes"] < MEMORY_LIMIT_BYTES
    assert report["refused"] > 200


def peak_bytes() -> int:
    """Return the most memory that this process has held; what its parent held is not meant."""
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss of a child starts at what the parent held
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def run(runs: int, seed: int, compare: bool) -> dict[str, float]:
    """Run mutations one after the other and return the counts, the slowest and the peak."""
    *often, long_header = corpus()
    rng = random.Random(seed)
    verdicts: Counter[str] = Counter()
    slowest = 0.0
    with tempfile.TemporaryDirectory() as directory:
        for _ in range(runs):
            specimen = long_header if rng.random() < 0.05 else rng.choice(often)
            case = rng.randrange(2**62)
            path = write(Path(directory), specimen, *mutate(specimen, random.Random(case)))
            start = time.perf_counter()
            try:
                result = attempt(path)
            except BaseException:
                print(f"case {case} of {specimen.name}, {specimen.data_bytes}", file=sys.stderr)
                raise
            slowest = max(slowest, time.perf_counter() - start)
            if isinstance(result, ModelFileError):
                verdicts["refused"] += 1
                continue
            verdicts["accepted"] += 1
            if compare and specimen is not long_header:
                verdicts["agreed"] += check_against_library(path, result)
    totals = {"runs": runs, **verdicts}
    return totals | {"slowest_seconds": slowest, "peak_bytes": peak_bytes()}


def main() -> None:
    """Run as a script."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--compare", action="store_true", help="also ask the formats' libraries")
    arguments = parser.parse_args()
    print(json.dumps(run(arguments.runs, arguments.seed, arguments.compare), indent=1))


if __name__ == "__main__":
    main()
