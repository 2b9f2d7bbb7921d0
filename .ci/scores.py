"""Print scores of the demo pages and of a small model trained here, or compare two such prints; see .ci/versions."""

import json
import sys
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("spacy", "scikit-learn", "numpy")
TOLERANCE = 1e-6
"""Other versions add numbers up in another order; more than the sixth digit is no claim of ours."""


def scores() -> dict[str, object]:
    """Everything that should not depend on versions."""
    import innercritic as ic
    from innercritic.resources import asset_text

    pages = [asset_text("demo.txt"), asset_text("demo_gate.txt")]
    read = [sentence for page in pages for sentence in ic.load().analyze(page, explain="all").sentences]
    texts = ["I'm such an idiot.", "We had soup.", "I hate myself.", "The bus was late."] * 4
    labels = [["self_judgment"], [], ["self_judgment"], []] * 4
    trained = ic.FacetClassifier(min_count=1).fit(texts, labels).predict_proba(texts[:4])
    return {
        "versions": {name: version(name) for name in PACKAGES},
        "sentences": [(s.start, s.end, s.abstained, list(s.facets)) for s in read],
        "numbers": [p for s in read for p in s.probabilities.values()]
        + [e.weight for s in read for e in s.evidence]
        + [float(p) for row in trained for p in row],
    }


def main() -> None:
    """Print, or compare."""
    if sys.argv[1:2] != ["--compare"]:
        print(json.dumps(scores()))
        return
    lowest, newest = (json.loads(Path(path).read_text("utf-8")) for path in sys.argv[2:4])
    print(lowest["versions"], "against", newest["versions"])
    pairs = list(zip(lowest["numbers"], newest["numbers"], strict=True))
    worst = max(abs(one - other) for one, other in pairs)
    print(f"{len(pairs)} numbers, largest difference {worst:.2g}")
    if lowest["sentences"] != newest["sentences"] or worst > TOLERANCE:
        raise SystemExit("the scores differ")


if __name__ == "__main__":
    main()
