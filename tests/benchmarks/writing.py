"""Everyday sentences in any number, for measuring speed: about as long, as mixed and as misspelt as what people write.

Like in text from forums, one run of characters in seven is not among the spellings the tokenizer has ready, and one
sentence in twelve is self-critical. Nothing here is meant to be read.
"""

import random
from collections.abc import Iterator

_WHO = """I|we|she|he|they|my sister|my boss|the neighbour|our landlord|my mum|a friend of mine|the woman at the desk
|everybody at work|my old teacher|the dog|nobody|Anna|Mr. Okafor|my flatmate""".replace("\n", "").split("|")
_DID = """went to|forgot about|looked at|talked about|painted|cleaned|waited for|missed|called about|paid for|wrote down
|laughed at|carried|wanted|couldn't find|didn't like|has been thinking about|was late for|keeps asking about
|finally finished|won't stop mentioning|sold|borrowed""".replace("\n", "").split("|")
_WHAT = """the bus|a cup of tea|the kitchen|that old photograph|the meeting on Tuesday|my bike|two letters|the garden
|dinner|the results|her suitcase|the train to the coast|some bread and cheese|a book about whales|the dentist
|the window in the hall|our rent|the exam|his guitar|a long list of things""".replace("\n", "").split("|")
_WHEN = """yesterday|this morning|after work|before the rain came|again|for an hour|last winter|at 7pm|on the way home
|because it was cheap|and then it got dark|without a word|in the end|though it's far|so that was that|as usual
|while the radio was on|, honestly|(of course)""".replace("\n", "").split("|")
_ENDS = (".", ".", ".", ".", "", "!", "?", "...", " lol", " :)", ";")
_CRITIC = """I'm such an idiot|I always ruin everything for everyone|nobody would understand what this is like
|everyone else has it together and I don't|I can't stop thinking about how badly it went|I hate the way I look
|I should be ashamed of myself|I feel completely alone with this|what is wrong with me
|my boss must think I'm useless|it's the end of the world and I can't calm down|I am a failure as a mother""".replace(
    "\n", ""
).split("|")
_SYLLABLES = "ba ko mi ren tul da shi vor lem ga pon ser tik nou ral".split()


def rare_word(draw: random.Random) -> str:
    """A word nobody has met."""
    return "".join(draw.choices(_SYLLABLES, k=draw.randint(3, 5)))


def _clause(draw: random.Random) -> str:
    words = [draw.choice(_WHO), draw.choice(_DID), draw.choice(_WHAT)]
    if draw.random() < 0.75:
        words.append(draw.choice(_WHEN))
    if draw.random() < 0.55:
        word = rare_word(draw)
        words.insert(draw.randint(1, len(words)), draw.choice((word, word, word.title(), f"{word},", f"{word}-ish")))
    return " ".join(words).replace(" ,", ",")


def sentences(number: int, seed: int = 0) -> list[str]:
    """Sentences, the same for the same seed."""
    return list(stream(number, seed))


def stream(number: int, seed: int = 0) -> Iterator[str]:
    """The same, one after the other."""
    draw = random.Random(seed)
    for _ in range(number):
        clauses = [_clause(draw) for _ in range(draw.choice((1, 1, 2, 2, 2, 3)))]
        if draw.random() < 1 / 12:
            clauses[draw.randrange(len(clauses))] = draw.choice(_CRITIC)
        text = draw.choice((", and ", " but ", ", ", " because ", " so ")).join(clauses)
        yield text[0].upper() + text[1:] + draw.choice(_ENDS)
