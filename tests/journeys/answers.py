"""What the people in the journeys answer to the demo brand's quizzes: one way through each, question by question."""

SKIN = {
    "skin_type": ("dry",),
    "skin_dry_where": ("cheeks",),
    "skin_temper": ("rarely",),
    "outdoor_hours": ("4",),
    "skin_tint": ("honey",),
    "skin_goals": ("dryness", "calm"),
    "skin_priorities": (),
    "skin_time": ("five",),
    "scent": ("no",),
}
# The way that passes the sensitive question.
SENSITIVE = {
    "skin_type": ("balanced",),
    "skin_temper": ("often",),
    "skin_reactions": ("wool",),
    **{key: SKIN[key] for key in list(SKIN)[3:]},
}
OUTERWEAR = {
    "climate": ("hot_wet",),
    "outer_setting": ("wheels",),
    "ride_rain": ("go",),
    "warmth": ("even",),
    "outer_shape": ("shell",),
    "outer_colour": ("moss",),
    "outer_priorities": (),
    "outer_budget": ("900",),
    "outer_owned": ("gloves",),
}


def pet(name: str, weight: str, **changed: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """A dog of this name and weight."""
    told = {
        "pet_name": (name,),
        "pet_species": ("dog",),
        "pet_born": ("2021-03-12",),
        "pet_weight": (weight,),
        "pet_shape": ("round",),
        "pet_activity": ("60",),
        "pet_appetite": ("eager",),
        "pet_walks": ("park",),
        "pet_coat": ("short",),
        "pet_neutered": ("yes",),
        "pet_goals": ("weight", "stairs"),
    }
    return {**told, **changed}
