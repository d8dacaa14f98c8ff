"""How somebody can be reached: their own details, and the other's if they show them."""
