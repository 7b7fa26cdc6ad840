"""The counter: what it says of configurations and of files is what count and inspect say."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect
from safetensors.numpy import save_file

from explainer.architectures import architecture, known_config
from explainer.checkpoints import ModelFile, read
from explainer.models import path as model_path
from tests.browser.visiting import LANGUAGES, PATIENCE, Visit, Visitors
from tests.checkpoints.conftest import BITS
from tests.checkpoints.test_hostile import CONTENTS
from tests.checkpoints.test_packing import IN, MLX, OUT

PAGE = "parameters/real-models/"
ID = "counter"
MODELS = ("gemma-2-2b", "bert-base-uncased", "bart-large", "mixtral-8x7b", "deepseek-v3", "phi-2")
LARGEST_UPLOAD = 1 << 20


def opened(visit: Visit, language: str = "en") -> Page:
    """Open the page where the counter stands ready."""
    return visit.widget(LANGUAGES[language] + PAGE, ID)


def part(page: Page, of: str) -> Locator:
    """Return something that the counter shows."""
    return page.locator(f"#{ID} .widget-stage {of}")


def settled(page: Page) -> None:
    """Wait until nothing is on its way."""
    expect(page.locator(f"#{ID} .widget-stage[aria-busy]")).to_have_count(0, timeout=PATIENCE)


def numbers(page: Page) -> list[str]:
    """Return the numbers above the tables."""
    settled(page)
    return part(page, "dd").all_inner_texts()


def column(page: Page, number: int, table: int = 0) -> list[str]:
    """Return a column of a table, counted from one."""
    cells = part(page, ".counter-table").nth(table).locator(f"tbody tr > :nth-child({number})")
    return [text.strip() for text in cells.all_inner_texts()]


def choose(page: Page, *files: Path | FilePayload) -> None:
    """Choose files of one's own, and wait until they were read."""
    field = part(page, "input[type=file]")
    field.set_input_files(list(files))  # type: ignore[arg-type]
    settled(page)


def shows(page: Page, file: ModelFile) -> None:
    """Compare all that is shown of files with what `explainer inspect` says of them."""
    bits = file.bits_per_parameter
    assert bits is not None
    wanted = [f"{file.parameters:,}", f"{file.kinds['biases']:,}", f"{bits:.4f}"]
    wanted += [f"{len(file.tensors):,}", f"{file.file_bytes:,}", f"{file.header_bytes:,}"]
    assert numbers(page) == wanted
    types = file.types
    assert column(page, 1) == list(types)
    assert column(page, 2) == [f"{one.tensors:,}" for one in types.values()]
    assert column(page, 3) == [f"{one.parameters:,}" for one in types.values()]
    assert column(page, 4) == [f"{one.stored_bytes:,}" for one in types.values()]
    assert column(page, 2, 1) == [f"{count:,}" for count in file.components.values()]


@pytest.mark.parametrize("name", MODELS)
def test_a_pasted_configuration_is_counted(visitors: Visitors, name: str) -> None:
    """Total, components, biases, share of the vocabulary and active are those of the library."""
    model = architecture(name)
    pasted = {**known_config(name), "rope_theta": 10000.0, "torch_dtype": "bfloat16"}
    with visitors.visit() as visit:
        page = opened(visit)
        part(page, "textarea").fill(json.dumps(pasted, indent=2))
        tables = model.components["embedding"] + model.components.get("head", 0)
        wanted = [f"{model.total:,}", f"{model.kinds['biases']:,}", f"{tables / model.total:.3%}"]
        if model.active != model.total:
            wanted.append(f"{model.active:,} ({model.active / model.total:.3%})")
            wanted.append(f"{model.active_without_input_embedding:,}")
            wanted.append(f"{model.active_without_embedding_and_head:,}")
        assert numbers(page) == wanted
        assert column(page, 2) == [f"{count:,}" for count in model.components.values()]
        # What does not matter is not in the address, and a link brings the count back.
        page.wait_for_url(re.compile(rf"[?&]{ID}\.config="))
        assert "rope_theta" not in page.url
        page.reload()
        expect(page.locator(f"#{ID} .ready")).to_be_attached(timeout=PATIENCE)
        assert numbers(page) == wanted
        assert visit.troubles == []


def test_a_number_is_changed_by_hand(visitors: Visitors) -> None:
    """One more layer is one layer more, and the caret stays where it was."""
    config = known_config("qwen2.5-7b")
    with visitors.visit("phone") as visit:
        page = opened(visit, "zh")
        area = part(page, "textarea")
        layers = config["num_hidden_layers"]
        text = area.input_value()
        area.fill(text.replace(f'"num_hidden_layers": {layers}', '"num_hidden_layers": 29'))
        total = architecture({**config, "num_hidden_layers": 29}).total
        assert numbers(page)[0] == f"{total:,}"
        page.locator(f"#{ID} .widget-reset").click()
        assert numbers(page)[0] == f"{architecture(config).total:,}"
        assert area.input_value() == text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('{"model_type": "llama"}', "hidden_size"),
        ('{"model_type": "lama"}', "lama"),
        ('{"model_type": "gpt2", "model_type": "bert"}', "model_type"),
        ('{"hidden_size": 3', "JSON"),
    ],
)
def test_what_cannot_be_counted_is_explained(
    visitors: Visitors, language: str, text: str, key: str
) -> None:
    """A mistake is named, marks the field, leaves no number standing, and ends with the next."""
    with visitors.visit() as visit:
        page = opened(visit, language)
        area = part(page, "textarea")
        before = area.input_value()
        area.fill(text)
        expect(part(page, ".counter-message.wrong")).to_contain_text(key)
        expect(area).to_have_attribute("aria-invalid", "true")
        assert numbers(page) == []
        area.fill(before)
        expect(area).to_have_attribute("aria-invalid", "false")
        expect(part(page, ".counter-message")).to_be_empty()
        assert visit.troubles == []


@pytest.mark.parametrize("model", ["smollm2", "minilm"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_real_file_is_read(visitors: Visitors, model: str, language: str) -> None:
    """SmolLM2's GGUF and MiniLM's safetensors show what inspect shows, and nothing is sent."""
    with visitors.visit() as visit:
        page = opened(visit, language)
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.method + request.url))
        choose(page, model_path(model))
        shows(page, read(model_path(model)))
        assert all(re.search(r"^GET.*/assets/[\w/-]+\.js$", one) for one in sent), sent
        assert visit.troubles == []


def test_files_written_here_are_read_together(visitors: Visitors, tmp_path: Path) -> None:
    """Two shards count as one model, and an example chosen afterwards takes their place."""
    rng = np.random.default_rng(0)
    first = {"model.embed_tokens.weight": rng.normal(size=(100, 8)).astype(np.float32)}
    second = {"lm_head.weight": rng.normal(size=(100, 8)).astype(np.float32)}
    second["model.layers.0.mlp.up_proj.bias"] = np.zeros(9, np.float16)
    paths = [tmp_path / f"model-0000{number}-of-00002.safetensors" for number in (1, 2)]
    save_file(first, paths[0], {"format": "np"})
    save_file(second, paths[1])
    with visitors.visit("phone") as visit:
        page = opened(visit)
        choose(page, *paths)
        assert numbers(page)[0] == f"{1600 + 9:,}"
        assert column(page, 3) == ["1,600", "9"]
        expect(part(page, ".widget-note")).to_contain_text("Both are counted")
        choose(page, paths[0])
        assert numbers(page)[0] == "800"
        expect(part(page, ".widget-note")).to_contain_text("in 2 files")
        part(page, "input[value=gpt2]").focus()
        page.keyboard.press("Space")
        assert numbers(page)[0] == f"{architecture('gpt2').total:,}"


def test_a_packed_file_needs_its_configuration(visitors: Visitors) -> None:
    """Where a file does not say how tightly it packs, its config.json, chosen along, does."""
    entries, end = {}, 0
    for name, (dtype, shape) in MLX.items():
        start, end = end, end + int(np.prod(shape)) * BITS[dtype] // 8
        entries[name] = {"dtype": dtype, "shape": shape, "data_offsets": [start, end]}
    raw = json.dumps(entries).encode()
    content = len(raw).to_bytes(8, "little") + raw + bytes(end)
    file: FilePayload = {"name": "model.safetensors", "mimeType": "", "buffer": content}
    said = json.dumps({"quantization": {"bits": 4}}).encode()
    config: FilePayload = {"name": "config.json", "mimeType": "", "buffer": said}
    with visitors.visit() as visit:
        page = opened(visit)
        choose(page, file)
        expect(part(page, ".counter-message.wrong")).to_contain_text("config.json")
        choose(page, file, config)
        assert numbers(page)[0] == f"{OUT * IN:,}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_damaged_files_are_explained(visitors: Visitors, language: str) -> None:
    """Each hostile or damaged file ends in a sentence, without a number, and without a hang."""
    with visitors.visit() as visit:
        page = opened(visit, language)
        cut = model_path("smollm2").read_bytes()[:LARGEST_UPLOAD]
        files = {"cut.gguf": cut, **{name: content for name, (content, _) in CONTENTS.items()}}
        for name, content in files.items():
            if len(content) > LARGEST_UPLOAD or name.endswith(".json"):
                continue
            choose(page, {"name": name, "mimeType": "", "buffer": content})
            message = part(page, ".counter-message.wrong")
            assert not re.search(r"undefined|\{\w+\}|^$", message.inner_text()), name
            assert numbers(page) == [], name
        assert visit.troubles == []


def test_a_file_is_dropped(visitors: Visitors) -> None:
    """A configuration that is dropped on the counter stands in its field, counted."""
    text = json.dumps(known_config("gpt2"))
    with visitors.visit() as visit:
        page = opened(visit)
        carried = page.evaluate_handle(
            """(text) => {
              const carried = new DataTransfer();
              carried.items.add(new File([text], "config.json"));
              return carried;
            }""",
            text,
        )
        part(page, ".counter-files").dispatch_event("drop", {"dataTransfer": carried})
        expect(part(page, "dd").first).to_have_text(f"{architecture('gpt2').total:,}")
        assert part(page, "textarea").input_value() == text


@pytest.mark.parametrize("language", LANGUAGES)
def test_examples_stand_as_if_they_had_been_typed(visitors: Visitors, language: str) -> None:
    """What the page brings of each example is what its arithmetic says, which comes when typing."""
    with visitors.visit() as visit:
        sent: list[str] = []
        visit.page.on("request", lambda request: sent.append(request.url))
        page = opened(visit, language)
        assert [url for url in sent if "/compute/" in url] == []
        for name in ("qwen2.5-7b", "gpt2", "gpt-oss-20b", "deepseek-r1"):
            part(page, f"input[value='{name}']").check(force=True)
            given = part(page, "> div").last.inner_html()
            assert numbers(page)[0] == f"{architecture(name).total:,}"
            part(page, "textarea").press("End")
            page.keyboard.type(" ")
            expect(part(page, "input[type=radio]:checked")).to_have_count(0)
            settled(page)
            assert part(page, "> div").last.inner_html() == given
        assert [url for url in sent if "/compute/counting.js" in url] != []
        assert visit.troubles == []


def test_numbers_are_read_as_they_are_written(visitors: Visitors) -> None:
    """4096.0 and 4e3 are no whole numbers, though JSON.parse has them so; NaN may stand by."""
    config = known_config("llama-2-7b")
    text = json.dumps(config)
    with visitors.visit() as visit:
        page = opened(visit)
        for written in ("4096.0", "4.096e3", "4096e0", "NaN", '"4096"', "true"):
            part(page, "textarea").fill(text.replace(": 4096", f": {written}", 1))
            message = part(page, ".counter-message.wrong")
            expect(message).to_contain_text(f"hidden_size = {written}")
            assert numbers(page) == []
        part(page, "textarea").fill(text.replace(": 4096", ": 9007199254740993", 1))
        expect(message).to_contain_text("hidden_size = 9,007,199,254,740,993 must")
        part(page, "textarea").fill(text.replace("{", '{"rope_theta": NaN, ', 1))
        assert numbers(page)[0] == f"{architecture(config).total:,}"
        # The same in an address, whoever made it.
        wrong = json.dumps({**config, "hidden_size": 4096.0}, separators=(",", ":"))
        page.goto(f"{visitors.site.url}en/{PAGE}?{ID}.config={quote(wrong)}#{ID}")
        expect(page.locator(f"#{ID} .ready")).to_be_attached(timeout=PATIENCE)
        expect(part(page, ".counter-message.wrong")).to_contain_text("hidden_size = 4096.0")
        assert part(page, "textarea").input_value() == wrong
        assert visit.troubles == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_configuration_file_of_another_encoding(visitors: Visitors, encoding: str) -> None:
    """What some shells write is read; half a letter is not."""
    config = {**known_config("gpt2"), "\u540d": "\u4e2d"}
    content = json.dumps(config, ensure_ascii=False).encode(encoding)
    with visitors.visit() as visit:
        page = opened(visit)
        choose(page, {"name": "config.json", "mimeType": "", "buffer": content})
        assert numbers(page)[0] == f"{architecture('gpt2').total:,}"
        choose(page, {"name": "config.json", "mimeType": "", "buffer": content[:-1] + b"\xff"})
        expect(part(page, ".counter-message.wrong")).to_contain_text("JSON")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_script_that_does_not_come_is_said(visitors: Visitors, language: str) -> None:
    """Without a network what is missing is said, and the examples stay; reloading mends it."""
    said = {"zh": "断网", "en": "offline"}[language]
    with visitors.visit() as visit:
        page = opened(visit, language)
        page.route(re.compile(r"/(counting|gguf)\.js"), lambda route: route.abort())
        part(page, "textarea").fill("{}")
        expect(part(page, ".counter-message.wrong")).to_contain_text(said)
        choose(page, model_path("smollm2"))
        expect(part(page, ".counter-message.wrong")).to_contain_text(said)
        part(page, "input[value=gpt2]").check(force=True)
        assert numbers(page)[0] == f"{architecture('gpt2').total:,}"
        page.unroute_all()
        page.reload()
        choose(page, model_path("smollm2"))
        assert numbers(page)[0] == f"{read(model_path('smollm2')).parameters:,}"


def test_scripts_on_demand_are_kept_for_reading_offline(visitors: Visitors) -> None:
    """Each script of the site stands in the list of what the worker keeps."""
    folder = visitors.site.folder
    kept = json.loads((folder / "offline.json").read_text("utf-8"))
    listed = {name for names in kept.values() for name, _ in names}
    scripts = {file.relative_to(folder).as_posix() for file in folder.glob("assets/**/*.js")}
    assert {"assets/counter-files.js", "assets/compute/gguf.js"} <= scripts <= listed


def test_a_header_beyond_forty_megabytes_is_read(visitors: Visitors) -> None:
    """As `explainer inspect` does, up to a hundred; one byte more is refused."""
    entry = b'{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}'
    make = """([text, length]) => {
      const start = new Uint8Array(8);
      new DataView(start.buffer).setBigUint64(0, BigInt(length), true);
      const spaces = new Blob([" ".repeat(length - text.length - 1)]);
      const carried = new DataTransfer();
      carried.items.add(new File([start, text, spaces, "}", new Uint8Array(8)], "m.safetensors"));
      const stage = document.querySelector("#counter .counter-files");
      stage.dispatchEvent(new DragEvent("drop", { dataTransfer: carried, bubbles: true }));
    }"""
    with visitors.visit() as visit:
        page = opened(visit)
        page.evaluate(make, [entry.decode(), 45_000_000])
        assert numbers(page)[0] == "2"
        page.evaluate(make, [entry.decode(), 100_000_001])
        settled(page)
        expect(part(page, ".counter-message.wrong")).to_contain_text("100,000,000")
