"""What a student reads: a judgement in words, as a card, as text."""
