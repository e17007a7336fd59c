#!/usr/bin/env python3
"""Trains the linear model of lib/vet/wording.cpp on the project's own texts, and writes lib/vet/word_weights.inc.

    tests/vet/train_words.py            writes the table
    tests/vet/train_words.py --folds    first says how well it does on tools that it was not trained on

A tool is the set of its words and of its pairs of neighbouring words. Logistic regression with L2 and AdaGrad; of all terms the
12,000 that say most are kept. Only the standard library; the same texts give the same table.

    tests/vet/train_words.py --check    fails if the table is not what these texts give
"""
import argparse
import collections
import hashlib
import json
import math
import pathlib
import random
import re
import sys

here = pathlib.Path(__file__).resolve().parent
table = here.parent.parent / "lib" / "vet" / "word_weights.inc"
not_trained_on = {"blind.jsonl", "fresh.jsonl", "mixed.jsonl", "unseen.jsonl"}     # what tells how well it does
silent_keys = {"name", "$ref", "$schema", "$id", "pattern", "format", "type"}
shortest_text = 13
longest_word = 24
most_words = 600
most_terms = 12000
length_weighs = 0.6                                  # 0.5 favours long texts, 1 short ones


def texts(value, key=""):
    """The strings that a model reads as sentences: descriptions, titles, defaults, examples. As in wording.cpp."""
    if isinstance(value, str):
        if key not in silent_keys and len(value.encode()) >= shortest_text:
            yield value
    elif isinstance(value, list):
        for each in value:
            yield from texts(each, key)
    elif isinstance(value, dict):
        for inner, each in value.items():
            yield from texts(each, inner)


def terms(tool):
    words, unspaced = [], []
    for text in texts(tool):
        text = text.lower()
        words += [w for w in re.findall(r"[^\W\d_]+", text) if len(w.encode()) <= longest_word]
        unspaced += [c for c in text if 0x3040 <= ord(c) <= 0x9FFF or 0xAC00 <= ord(c) <= 0xD7A3]
    words = words[:most_words]
    unspaced = unspaced[:most_words]
    return (set(words) | {a + " " + b for a, b in zip(words, words[1:])} | {a + b for a, b in zip(unspaced, unspaced[1:])})


def tools(files):
    """(terms, poisoned, id) of every tool that the labels speak of."""
    for file in files:
        for line in file.read_text().splitlines():
            record = json.loads(line)
            if record["label"] not in ("malicious", "benign"):
                continue
            named = set(record.get("malicious_tools") or [])
            for tool in record.get("tools", []):
                poisoned = record["label"] == "malicious" and (not named or tool["name"] in named)
                yield terms(tool), poisoned, record["id"]


def train(rows, seed=1):
    rng = random.Random(seed)
    seen = collections.Counter(term for found, _, _ in rows for term in found)
    data = [(sorted(term for term in found if seen[term] > 1), poisoned) for found, poisoned, _ in rows]
    positive = sum(poisoned for _, poisoned in data)
    share = {True: len(data) / (2 * positive), False: len(data) / (2 * (len(data) - positive))}
    weights, squares, bias = collections.defaultdict(float), collections.defaultdict(lambda: 1e-8), 0.0
    for _ in range(25):
        rng.shuffle(data)
        for found, poisoned in data:
            norm = (len(found) + 1) ** length_weighs
            score = bias + sum(weights[term] for term in found) / norm
            error = (1 / (1 + math.exp(-max(-30.0, min(30.0, score)))) - poisoned) * share[poisoned]
            bias -= 0.02 * error
            for term in found:
                slope = error / norm + 0.002 * weights[term]
                squares[term] += slope * slope
                weights[term] -= 0.3 * slope / math.sqrt(squares[term])
    loudest = sorted(weights, key=lambda term: (-abs(weights[term]) * math.sqrt(seen[term]), term))[:most_terms]
    return {term: round(weights[term], 2) for term in loudest if abs(weights[term]) >= 0.01}, round(bias, 2)


def score(model, found):
    weights, bias = model
    known = [weights[term] for term in found if term in weights]
    return bias + sum(known) / (len(known) + 1) ** length_weighs


def folds(rows, count=5):
    scored = []
    for fold in range(count):
        model = train([row for i, row in enumerate(rows) if i % count != fold])
        scored += [(score(model, found), poisoned) for i, (found, poisoned, _) in enumerate(rows) if i % count == fold]
    honest = sorted((s for s, poisoned in scored if not poisoned), reverse=True)
    poisoned = [s for s, label in scored if label]
    for rate in (0.005, 0.01, 0.02, 0.05):
        limit = honest[int(len(honest) * rate)]
        found = sum(s > limit for s in poisoned)
        print(f"score over {limit:5.2f}: {100 * rate:4.1f} % of {len(honest)} honest tools, "
              f"{100 * found / len(poisoned):4.1f} % of {len(poisoned)} poisoned ones")


def table_of(weights, bias, files):
    """One text, and hundredths: nothing that a loader would have to relocate."""
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    lines = [f'    "{term}\\t{round(100 * weights[term])}\\n"\n' for term in sorted(weights)]
    return ("// Written by tests/vet/train_words.py; not for editing.\n"
            f'constexpr std::string_view texts_digest = "{digest}";\n'
            f"constexpr double bias = {bias};\nconstexpr std::string_view terms =\n" + "".join(lines).rstrip("\n") + ";\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folds", action="store_true", help="measure by cross-validation first")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the table is another")
    asked = parser.parse_args()
    files = sorted(file for file in (here / "corpus").glob("*.jsonl") if file.name not in not_trained_on)
    rows = list(tools(files))
    if asked.folds:
        folds(rows)
    written = table_of(*train(rows), files)
    if not asked.check:
        table.write_text(written)
    elif table.read_text() != written:
        sys.exit(f"{table} is not what the texts give: run {pathlib.Path(__file__).name}")


if __name__ == "__main__":
    main()
