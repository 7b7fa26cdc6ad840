"""The playground: counted as the library counts, trained as it trains, every number in reach."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from explainer.parameters import mlp_parameters
from tests.browser.test_widgets import ready
from tests.browser.visiting import Visitors

PAGE, NAME = "learning/playground/", "all-numbers"


def numbers(face: Locator) -> list[float]:
    """Return parameters, steps, loss, and the two shares that are right."""
    texts = face.locator("dd").all_inner_texts()
    return [float(text.rstrip("%").replace(",", "")) for text in texts]


def test_parameters_are_counted_and_shown(visitors: Visitors) -> None:
    """For every size the count is the library's, and there is a field for each parameter."""
    with visitors.visit() as visit:
        face = ready(visit.go("en/" + PAGE), NAME)
        fields = face.locator(".widget-params input")
        for layers in (0, 1, 2, 3):
            face.get_by_role("radio", name=str(layers), exact=True).check(force=True)
            sliders = face.locator(".widget-split input[type=range]:enabled")
            for at in range(layers):
                sliders.nth(at).fill(str(5 - at))
            expected = mlp_parameters((2, *(5 - at for at in range(layers)), 1))
            assert numbers(face)[0] == expected
            expect(fields).to_have_count(expected)


def test_training_learns(visitors: Visitors) -> None:
    """From a random start, training in the page lowers the loss and learns the circle."""
    with visitors.visit(reduced_motion="reduce") as visit:
        face = ready(visit.go("en/" + PAGE), NAME)
        face.get_by_role("button", name="New random start").click()
        before = numbers(face)
        assert before[1] == 0
        face.get_by_role("button", name="Train").click()
        expect(face.get_by_role("button", name="Train")).to_be_visible()
        after = numbers(face)
        assert after[1] == 1000
        assert after[2] < before[2] / 2
        assert after[3] > 85
        expect(face.locator(".widget-said")).to_contain_text("steps")


def test_training_can_be_stopped(visitors: Visitors) -> None:
    """It runs before the reader's eyes, and stops when told to."""
    with visitors.visit() as visit:
        page = visit.go("en/" + PAGE)
        face = ready(page, NAME)
        face.get_by_role("button", name="Train").click()
        page.wait_for_timeout(300)
        face.get_by_role("button", name="Stop").click()
        steps = numbers(face)[1]
        assert steps > 500
        page.wait_for_timeout(200)
        assert numbers(face)[1] == steps


def test_a_number_can_be_typed(visitors: Visitors) -> None:
    """A typed bias changes what the network says."""
    with visitors.visit() as visit:
        face = ready(visit.go("en/" + PAGE), NAME)
        loss = numbers(face)[2]
        field = face.get_by_role("spinbutton", name="output, n1, bias")
        field.fill("12")
        assert numbers(face)[2] > loss + 1
