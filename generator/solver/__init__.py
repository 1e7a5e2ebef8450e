"""Pure mathematics, exact and numeric; knows neither chance nor words."""
