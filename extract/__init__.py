"""From page to article, from article to entities, from entities to mentions; opens no socket."""

import pantau  # noqa: F401  settles how many threads numpy takes, before numpy comes
