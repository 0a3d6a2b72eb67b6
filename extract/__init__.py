"""From page to article, from article to entities, from entities to mentions; opens no socket."""
