"""Figures in words and digits: what counts as a number that somebody typed.

Digits are figures in every script and form (６７１, ², ½, ①), unless they belong to a name that
begins with a letter (FP32, GPT-2, Llama-3.1-8B). Numerals in words are figures where they state a
quantity that a computation could refute, and words where they count at a glance:

- Chinese: figures are three or more numerals with a unit (六千七百一十亿, 七十亿, 一百二十八) or
  without one (一九八四), fractions (百分之三, 三分之一), decimals (三点一四), and whole numbers of
  亿 above one (两亿). Words are 两个, 三层, 十二个, 一百多, 千万, 万一, 十分, 一点一点.
- English: figures are compounds ("ninety-nine", "six hundred billion", "one hundred and five"),
  several millions or more ("seven billion"), percentages ("ten percent"), decimals ("three point
  one"), fractions ("two thirds", "one-third"). Words are "three layers", "two hundred",
  "a billion", "one of a hundred", "a third".
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_NAME = re.compile(r"[A-Za-zÀ-ÖØ-öø-ɏͰ-Ͽ](?:[A-Za-z0-9_]|-(?=[A-Za-z0-9])|(?<=[0-9])\.(?=[0-9]))*")
_NUMERAL = "零〇一二三四五六七八九两十百千万亿兆壹贰叁肆伍陆柒捌玖拾佰仟萬億廿卅"
_UNIT = "十百千万亿兆拾佰仟萬億"
# 一 that begins the next word, not ends the number: 千万一定, 两点一样.
_WORD_ONE = "一(?=[定样起直般旦致切再概律共同经向])"
_IDIOMS = "一五一十|三七二十一|一千零一夜|二百五|七七八八|三三两两|一点一[点滴]"
_CHINESE = re.compile(
    rf"(?P<idiom>{_IDIOMS})"
    rf"|(?P<fraction>[{_NUMERAL}]+分之(?!{_WORD_ONE})[{_NUMERAL}]+(?:点[{_NUMERAL}]+)?)"
    rf"|(?P<decimal>[{_NUMERAL}]+点(?:(?!{_WORD_ONE})[零〇一二三四五六七八九]){{2,}}[{_UNIT}]*"
    rf"|[{_NUMERAL}]+点(?:[零〇二三四五六七八九](?!者)|一(?![\u4e00-\u9fff]))[{_UNIT}]*"
    rf"|[{_NUMERAL}]+点一(?=[{_UNIT}倍成]))"
    rf"|(?P<run>(?:(?!(?<=[{_UNIT}]){_WORD_ONE})[{_NUMERAL}]){{2,}})"
)
_CANDIDATE = re.compile(rf"[{_NUMERAL}][{_NUMERAL}点分之]+")
_DIGIT_NUMERAL = re.compile("[一二三四五六七八九两壹贰叁肆伍陆柒捌玖廿卅]")
_SEVERAL = re.compile("[二三四五六七八九两][亿兆億]")

_ONES = "one|two|three|four|five|six|seven|eight|nine"
_TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_SMALL = "hundred|thousand"
_LARGE = "million|billion|trillion|quadrillion"
_COUNT = f"zero|{_ONES}|{_TEENS}|{_TENS}"
_NUMBER = f"{_COUNT}|{_SMALL}|{_LARGE}"
_PARTS = (
    "thirds|quarters|fourths|fifths|sixths|sevenths|eighths|ninths|tenths|hundredths|thousandths"
)
_GAP = r"(?:\s+|-)"
_ENGLISH = re.compile(
    rf"\b(?:(?P<percent>(?:{_NUMBER})(?:{_GAP}(?:and\s+)?(?:{_NUMBER}))*\s+(?:percent|per\s+cent)\b)"
    rf"|(?P<decimal>(?:{_NUMBER})(?:{_GAP}(?:{_NUMBER}))*\s+point(?:\s+(?:zero|oh|{_ONES}))+\b)"
    rf"|(?P<fraction>(?:{_ONES}|{_TEENS})[\s-]+(?:{_PARTS})\b"
    rf"|one[\s-]+(?:third|quarter|fifth|sixth|eighth|tenth|hundredth)\b(?!\s+(?:of\s+all\s+)?part(?:y|ies)))"
    rf"|(?P<run>(?:{_NUMBER})(?:{_GAP}(?:{_NUMBER})|(?<=hundred)\s+and\s+(?:{_COUNT})"
    rf"|(?<=thousand)\s+and\s+(?:{_COUNT}))+\b(?!-[a-z])))",
    re.IGNORECASE,
)
_WORD = re.compile("[A-Za-z]{3,}")
_WORDS = frozenset(_NUMBER.split("|"))
_COMPOUND = re.compile(rf"(?:{_TENS})[\s-]+(?:{_ONES})\b|(?:{_TEENS}|{_TENS})[\s-]+(?:{_TENS})\b")
_MILLIONS = re.compile(rf"(?!one\b)(?:{_COUNT})[\s-]+(?:{_LARGE})\b")


@dataclass(frozen=True)
class Figure:
    """A figure, and where in the text it stands."""

    start: int
    end: int
    text: str


def find(text: str) -> list[Figure]:
    """Return the figures of a text, in its order.

    Args:
        text: Prose.

    Examples:
        >>> [figure.text for figure in find("GPT-2 has 1.5 B, 三层, 百分之三")]
        ['1.5', '百分之三']
    """
    spans = [*_digits(text), *_chinese(text), *_english(text)]
    return [Figure(start, end, text[start:end]) for start, end in sorted(spans)]


def _digits(text: str) -> Iterator[tuple[int, int]]:
    others = "".join(
        sorted(
            char
            for char in set(text)
            if ord(char) > 127 and char != "〇" and unicodedata.category(char) in ("Nd", "No", "Nl")
        )
    )
    digit, figure = _patterns(others)
    end = 0
    for hit in digit.finditer(text):
        if hit.start() < end:
            continue
        # Back to where the word starts: names are read from their first letter.
        start = hit.start()
        while start > end and (text[start - 1].isalnum() or text[start - 1] in "_-."):
            start -= 1
        end = text.find("\n", hit.end())
        end = len(text) if end < 0 else end
        for match in figure.finditer(text, start, end):
            if match["figure"]:
                yield match.span("figure")


@functools.lru_cache(maxsize=256)
def _patterns(others: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    digit = f"[0-9{re.escape(others)}]"
    return re.compile(digit), re.compile(
        rf"{_NAME.pattern}|(?P<figure>{digit}+(?:[.,:/×'\u2009\u202f_-]{digit}+)*%?)"
    )


def _chinese(text: str) -> Iterator[tuple[int, int]]:
    for candidate in _CANDIDATE.finditer(text):
        at = candidate.start()
        while at < candidate.end():
            match = _CHINESE.match(text, at)
            if match and not match["idiom"] and (not match["run"] or _is_figure(match["run"])):
                yield match.span()
            at = match.end() if match else at + 1


def _is_figure(run: str) -> bool:
    if not _DIGIT_NUMERAL.search(run):
        return False
    return len(run) >= 3 or bool(_SEVERAL.search(run))


def _english(text: str) -> Iterator[tuple[int, int]]:
    end = 0
    for word in _WORD.finditer(text):
        if word.start() < end or word[0].lower() not in _WORDS:
            continue
        if match := _ENGLISH.match(text, word.start()):
            run = (match["run"] or "").lower()
            end = match.end()
            if not run or _is_compound(run):
                yield match.span()


def _is_compound(run: str) -> bool:
    words = re.split(r"[\s-]+", run)
    if all(word in _ONES.split("|") for word in words):
        return len(words) >= 3 and "-" not in run
    return len(words) >= 3 or bool(_COMPOUND.search(run) or _MILLIONS.search(run))
