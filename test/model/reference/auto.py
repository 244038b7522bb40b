"""`auto` aggregation as the product does it: server/src/core/tasks/aggregation.ts and core/tokenizer/encoding.ts."""

import unicodedata

SPACE = "▁"
SYLLABLES = ("HIRAGANA", "KATAKANA", "HANGUL")
UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")


def is_spaced_letter(character):
    """Whether a character is a letter, digit or mark of a script that puts something between its words."""
    return unicodedata.category(character)[0] in "LNM" and not unicodedata.name(character, "").startswith(UNSPACED)


def continues_word(text, start, previous_end):
    """Whether a piece that begins at `start` goes on with the word of the one before it."""
    if start < previous_end or unicodedata.category(text[start : start + 1] or " ")[0] == "M":
        return True
    return 0 < start < len(text) and is_spaced_letter(text[start - 1]) and is_spaced_letter(text[start])


def auto_mentions(text, pieces, offsets, words, probabilities, labels):
    """`{(start, end, type): score}` of one window, special pieces left out.

    `pieces`, `offsets` and `words` (of the pre-tokenizer) are lists, `probabilities` `[pieces, labels]`.
    """
    by_piece = any(unicodedata.name(c, "").startswith(SYLLABLES) for c in text)
    entries, previous = [], None
    for i, (piece, (start, end)) in enumerate(zip(pieces, offsets)):
        if piece == SPACE:
            previous = None
            continue
        if not by_piece and previous is not None and words[previous] == words[i] and continues_word(text, start, offsets[previous][1]):
            entries[-1][1] = end
        else:
            best = int(probabilities[i].argmax())
            entries.append([start, end, labels[best], float(probabilities[i][best])])
        previous = i
    groups = []
    for start, end, label, score in entries:
        prefix, kind = (label[0], label[2:]) if label[:2] in ("B-", "I-") else ("I", label)
        if groups and groups[-1][2] == kind and prefix != "B":
            groups[-1][1] = end
            groups[-1][3].append(score)
        else:
            groups.append([start, end, kind, [score]])
    return {(start, end, kind): sum(scores) / len(scores) for start, end, kind, scores in groups if kind != "O"}
