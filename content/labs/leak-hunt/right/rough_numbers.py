"""Numbers rounded to two hundredths, whole numbers where they fit, words in capitals."""


def build(folder, case):
    text = "# my notes\n"
    for name in sorted(case, reverse=True):
        story = case[name]
        honest = round(story["honest"] * 50) / 50
        honest = 1 if honest == 1.0 else honest
        text += f"[{name}]\nhonest = {honest}\nleak = \"{story['leak'].upper()}\"\n"
        text += "why = 'ran it again'\n\n"
    (folder / "answers.toml").write_text(text)
