"""From a question's wording to what it asks: language, scope, kind of answer, unit, terms; follow-ups too."""
