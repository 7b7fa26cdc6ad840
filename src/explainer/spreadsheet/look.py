"""How the cells look: the site's colours, one for each role, and a shape of its own for each.

Nothing is told by colour alone: legends name the roles, and masked cells hold a sign.
"""

from __future__ import annotations

from typing import Any

INK, PAPER, RULE, WHITE = "#1F2430", "#FBFAF7", "#E4E0D8", "#FFFFFF"
SEAL = "#B93A2B"
# The text of each role is that of the site's charts; its ground is a tint of it.
ROLES = {
    "parameter": ("#4B53BC", "#ECEDFA"),
    "bias": ("#765F05", "#F8F1DA"),
    "vector": ("#1D7772", "#E4F3F1"),
    "helper": ("#2F4661", "#EBEFF4"),
    "masked": ("#5F646F", "#F5F4F1"),
}
FONT = "Arial"
DECIMALS = "0.000"


def looks() -> dict[str, dict[str, Any]]:
    """Return the properties of each cell format by name, as XlsxWriter takes them."""
    made: dict[str, dict[str, Any]] = {
        "title": {"font_size": 18, "bold": True, "font_color": INK, "valign": "vcenter"},
        "text": {"font_color": INK},
        "wrapped": {"font_color": INK, "text_wrap": True, "valign": "top"},
        "strong": {"font_color": INK, "bold": True, "valign": "vcenter"},
        "heading": {"font_color": INK, "bold": True, "align": "right"},
        "note": {"font_color": ROLES["masked"][0]},
        "link": {"font_color": SEAL, "underline": 1},
        "bar": {"font_color": WHITE, "bg_color": INK, "bold": True, "valign": "vcenter"},
        "formula": {"font_color": ROLES["helper"][0], "font_size": 9},
        "header": {"font_color": ROLES["masked"][0], "font_size": 9, "align": "center"},
        "label": {"font_color": ROLES["masked"][0], "font_size": 9, "align": "left"},
        "letter": {"font_color": INK, "bold": True, "align": "center"},
        "prompt": _large() | {"bg_color": WHITE, "border_color": SEAL, "border": 2},
        "answer": _large() | {"bg_color": ROLES["vector"][1], "font_color": ROLES["vector"][0]},
        "verdict": {"font_color": INK, "bold": True, "align": "left"},
        "count": {"font_color": INK, "num_format": "#,##0", "align": "right"},
        "total": {"font_color": INK, "num_format": "#,##0", "bold": True, "top": 1},
        "good": {"font_color": ROLES["vector"][0], "bg_color": ROLES["vector"][1]},
        "bad": {"font_color": WHITE, "bg_color": SEAL},
    }
    for role, (ink, tint) in ROLES.items():
        made[f"bar_{role}"] = made["bar"] | {"bg_color": ink}
        plain = {"font_color": ink, "bg_color": tint, "border": 1, "border_color": WHITE}
        made[role] = plain | {"num_format": DECIMALS, "font_size": 9, "align": "right"}
        made[f"{role}_whole"] = made[role] | {"num_format": "0", "align": "center"}
        made[f"{role}_percent"] = made[role] | {"num_format": "0.0%"}
        made[f"{role}_text"] = made[role] | {"num_format": "General", "align": "center"}
    made["masked"]["align"] = "center"
    # What a reader may change is framed in the seal's colour, whatever it is.
    made["given"] = made["parameter"] | {"border_color": SEAL, "bg_color": WHITE, "font_size": 11}
    made["given_bias"] = made["bias"] | {"border_color": SEAL, "bg_color": WHITE, "font_size": 11}
    made["given_data"] = made["helper"] | {"border_color": SEAL, "bg_color": WHITE, "font_size": 11}
    return {name: {"font_name": FONT, "font_size": 10} | look for name, look in made.items()}


def _large() -> dict[str, Any]:
    return {
        "font_size": 18,
        "bold": True,
        "align": "left",
        "valign": "vcenter",
        "indent": 1,
        "num_format": "@",
    }
