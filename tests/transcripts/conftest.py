"""Folders of made-up sessions, as large as a test asks for."""

import random

import pytest

THERAPIST = """How was the week?
What went through your mind then?
So you felt like a failure.
Mm-hm.
Take your time.""".splitlines()
CLIENT = """I keep thinking I'm a burden to everybody.
Yeah.
The bus was late and it rained. We had soup.
Everyone else seems to cope with this, only I don't.
I can't stop going over what I said at the dinner.
I noticed I was anxious, and I let it be there.
I'm such an idiot for saying yes to the project.
[laughs]
I told [NAME] about it, and she said lots of people go through that.
Nothing ever gets better, it's all ruined.
Okay, I guess so.
I did what I could, and that is enough for today.""".splitlines()


def session(rng, turns):
    lines = []
    for number in range(turns):
        pool, label = ((THERAPIST, "T"), (CLIENT, "P"))[number % 2]
        lines.append(f"{label}: {' '.join(rng.choices(pool, k=rng.randint(1, 4)))}")
    return "\n".join(lines) + "\n"


@pytest.fixture
def make_sessions(tmp_path):
    """Write so many sessions, two to a client, and give their folder."""

    def make(number, turns=12, name="sessions"):
        rng, folder = random.Random(number), tmp_path / name
        for place in range(number):
            path = folder / f"c{place // 2:03d}" / f"s{place % 2}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(session(rng, turns), "utf-8")
        return folder

    return make
